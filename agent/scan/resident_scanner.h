// A scanner that stays: between two scans it remembers what every probe read, and
// runs again only those that would see something else. "Has anything changed?"
// costs a few microseconds per file.
//
// Two kinds of table are not looked at in every scan, but repeated with the time at which they
// were collected: what takes a walk over all files, and what differs on every look (volatile),
// which is taken together with a change of something else, or once a day.
// The network is looked at (network/network_look.h) when what listens here has changed, at most
// once an hour, and at least as often as the settings say; other machines only that often. What the
// sensor has seen is taken when its window is over.
//
// Used by one thread at a time.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "agent/host/recording_host.h"
#include "agent/scan/network/network_source.h"
#include "agent/scan/scan.h"

namespace assay::agent {

class WireWatch;  // network/wire_watch.h

// How old a volatile table may become before it is taken although nothing else has changed.
inline constexpr std::chrono::seconds kVolatileInterval{86'400};

// How soon after one look at the network there may be the next, whatever has changed, or failed.
inline constexpr std::chrono::seconds kNetworkDistance{3'600};

struct ScanWish {
  // How old a table of a daily probe may become.
  std::chrono::seconds walk_interval{86'400};
  // Somebody asked for this scan: everything is looked at.
  bool is_asked = false;
  const OwnFacts* own = nullptr;
  const NetworkLook* network = nullptr;
  // Needs `own`, whose settings say whether there is a sensor; without it there is none.
  WireWatch* wire = nullptr;
  // Whether a table's bytes are kept elsewhere (the spool); only then it is repeated without them.
  std::function<bool(const evidence::Digest&)> is_kept;
};

class ResidentScanner {
 public:
  // `host` and `probes` must outlive this.
  explicit ResidentScanner(Host& host, std::span<const Probe> probes = all_probes())
      : host_(host), probes_(probes) {}

  // What an earlier process of this machine collected last. The manifest of another version of the
  // agent is passed over: its probes may have seen otherwise.
  void remember(const evidence::Manifest& last);

  // Same answer as scan() with keep_frames, but the rows are not kept, and tables that are
  // kept elsewhere come without their frame.
  [[nodiscard]] Scan scan(const ScanWish& wish = {});

  // The last scan's tables are kept elsewhere now: frees their frames.
  void drop_frames();

  // How many probes the last scan() really ran.
  [[nodiscard]] std::int64_t probes_run() const { return probes_run_; }

 private:
  struct Remembered {
    std::optional<Trace> trace;  // of a probe that runs again when what it read has changed
    ScannedTable table;
    evidence::Seconds collected;
  };
  using Age = std::chrono::seconds;

  void look(const Probe& probe, const ScanWish& wish, SecondLook& world, Scan& out);
  void walk(const ScanWish& wish, Scan& out);
  void look_at_networks(const ScanWish& wish, Scan& out);
  void look_by(const KnownNetworkSource& source, const ScanWish& wish, bool has_news, Scan& out);
  [[nodiscard]] bool must_look(const KnownNetworkSource& source, const ScanWish& wish,
                               bool has_news, const Scan& out) const;
  [[nodiscard]] bool is_known(const KnownNetworkSource& source, const ScanWish& wish,
                              const Scan& out) const;
  [[nodiscard]] evidence::Digest what_listens(const NetworkSettings& settings);
  [[nodiscard]] static bool has_sensor(const ScanWish& wish);
  void look_at_wire(const ScanWish& wish, Scan& out);
  [[nodiscard]] bool can_repeat_wire(const ScanWish& wish, const Scan& out) const;
  void look_at_volatile(const ScanWish& wish, Scan& out);
  void collect_all_costs(Scan& out);
  void take(ScannedTable table, std::optional<Trace> trace, Scan& out);
  void repeat(const std::string& name, Scan& out);
  [[nodiscard]] bool has_bytes(const ScannedTable& table, const ScanWish& wish) const;
  [[nodiscard]] bool can_repeat(std::string_view name, Age limit, const ScanWish& wish,
                                const Scan& out) const;

  Host& host_;
  std::span<const Probe> probes_;
  std::map<std::string, Remembered, std::less<>> remembered_;
  std::map<std::string, Cost, std::less<>> costs_;                 // of each probe's last run
  std::map<std::string, evidence::Digest, std::less<>> listened_;  // at each source's last look
  std::set<std::string, std::less<>> waiting_;  // sources for which it was not the time
  std::string config_digest_;  // of the manifest that was remembered; empty: none was
  std::int64_t probes_run_ = 0;
  bool have_ports_changed_ = false;  // listening_ports, in this scan
  bool has_changed_ = false;         // something that is not volatile, in this scan
};

}  // namespace assay::agent
