// One look at a machine: every probe runs once, each table gets its digest or
// the reason why it is missing. Used by one thread at a time.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/budget_host.h"
#include "agent/host/host.h"
#include "agent/probes/probe.h"
#include "agent/self/own_tables.h"
#include "checks/engine/evaluation.h"
#include "evidence/manifest.h"
#include "evidence/table.h"

namespace assay::agent {

struct ScannedTable {
  std::string name;
  std::string reason;                      // why there is no table; empty when there is one
  std::optional<evidence::Table> rows;     // set exactly when it was collected
  std::optional<evidence::Digest> digest;  // of the canonical form
  std::string frame;           // the canonical form as a zstd frame; only when asked for
  std::int64_t row_count = 0;  // after duplicates were removed
  std::int64_t bytes = 0;      // of the canonical form
  std::int64_t milliseconds = 0;
  // When an earlier scan collected it, which this one repeats. Absent: this one looked.
  std::optional<evidence::Seconds> collected;
  Cost cost;  // of the probe; for a walker, of what it did after the walk

  [[nodiscard]] bool is_ok() const { return digest.has_value(); }
};

struct NetworkLook;  // network/network_look.h

struct ScanOptions {
  // Only these tables; empty: all that have a probe.
  std::set<std::string> tables;
  // Keep each table as a zstd frame as well, for the spool or a bundle.
  bool keep_frames = false;
  // Of the tables that cost much (Cadence::kDaily) only these; absent: all. Those left out are
  // unavailable, and the reason says so.
  std::optional<std::set<std::string>> daily;
  // For the tables of the agent itself; without it they are left out, but for agent_costs.
  const OwnFacts* own = nullptr;
  // How to look at the network; without it, for what `daily` leaves out, and for what nobody has
  // asked for, the tables of network_sources() are unavailable, and the reason says so.
  const NetworkLook* network = nullptr;
};

struct Scan {
  evidence::Seconds started;
  evidence::Seconds ended;
  std::vector<ScannedTable> tables;  // sorted by name
  std::optional<Cost> walk;          // of the one walk over all files, if there was one
  std::vector<std::string> losses;   // what the network did not show, in words

  [[nodiscard]] const ScannedTable* find(std::string_view name) const;
};

[[nodiscard]] Scan scan(Host& host, const ScanOptions& options);

// One probe's table, brought into canonical form. Of a walker: by a walk for it alone.
[[nodiscard]] ScannedTable collect(Host& host, const Probe& probe, bool keep_frame);

// The tables of several walkers from one walk, added to `out`; its cost is set.
void collect_walked(Host& host, const std::vector<const Probe*>& walkers, bool keep_frames,
                    Scan& out);

// Tables of the agent itself, which no probe fills.
inline constexpr std::array<std::string_view, 2> kOwnTables{"agent_gaps", "agent_info"};
[[nodiscard]] ScannedTable collect_own(Host& host, std::string_view table, const OwnFacts& facts,
                                       bool keep_frame);
// A table that somebody else has filled, or why not, as if a probe had.
[[nodiscard]] ScannedTable collect_given(Host& host, std::string_view table,
                                         Result<evidence::Table> given, bool keep_frame);
inline constexpr std::string_view kCostsTable = "agent_costs";
[[nodiscard]] ScannedTable collect_costs(Host& host, std::span<const ProbeCost> costs,
                                         bool keep_frame);

// A table that no probe made, in canonical form; unavailable when it is not one.
[[nodiscard]] ScannedTable finished_table(evidence::Table rows, bool keep_frame);
[[nodiscard]] ScannedTable missing(std::string_view table, const Error& why);

// The reason as it stands in evidence: "permission_denied: reading /etc/shadow: …".
[[nodiscard]] std::string reason_of(const Error& error);

// A scan as the check engine reads it. The scan must outlive it.
class ScanSource final : public checks::TableSource {
 public:
  explicit ScanSource(const Scan& scan) : scan_(scan) {}
  [[nodiscard]] Entry find(std::string_view table) const override;
  [[nodiscard]] Result<evidence::Table> load(std::string_view table) const override;
  [[nodiscard]] Result<std::shared_ptr<const evidence::Table>> share(
      std::string_view table) const override;

 private:
  const Scan& scan_;
};

// The manifest of a scan; identity, sequence and previous are the caller's to fill in.
[[nodiscard]] evidence::Manifest manifest_of(const Scan& scan);

}  // namespace assay::agent
