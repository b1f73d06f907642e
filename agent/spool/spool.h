// The agent's memory between a scan and the collector's receipt. What add() has
// returned for survives SIGKILL and power loss, and leaves only by a receipt.
//
// The states of a snapshot, and the folder that it is in:
//   collected   only in memory: add() has not returned yet
//   spooled     spool/
//   accepted    accepted/: the collector has a receipt for it; the last few are kept
//   set aside   set-aside/: refused for good; never deleted, counted, a gap
//
// Tables lie in tables/ once for all snapshots that name them. Nothing is ever overwritten or
// dropped to make room: when the bound or the disk is full add() fails, and the gap is recorded.
//
// The number and predecessor of the next manifest are read from what is on the disk, so they
// are right after a crash at any point. Used by one thread of the one process that holds
// the state folder's lock.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/spool/gap_log.h"
#include "agent/spool/snapshot_name.h"
#include "agent/spool/verdict.h"
#include "agent/state/disk.h"
#include "agent/state/state_folder.h"
#include "evidence/manifest.h"

namespace assay::agent {

inline constexpr std::int64_t kDefaultSpoolBytes = std::int64_t{512} << 20;
inline constexpr int kDefaultReceiptsKept = 8;

struct SpoolOptions {
  // Of everything below spool/, accepted/, set-aside/ and tables/, in whole disk blocks.
  std::int64_t max_bytes = kDefaultSpoolBytes;
  int receipts_kept = kDefaultReceiptsKept;
};

// What a scan hands over. Views: the caller keeps the bytes during the call.
struct CollectedSnapshot {
  std::string_view manifest;   // canonical bytes
  std::string_view signature;  // DER; empty when not enrolled
  // A zstd frame for each table of the manifest; those that the spool has already may be missing.
  std::vector<std::pair<evidence::Digest, std::string_view>> frames;
};

// The number and predecessor that the next manifest of a host has to bear.
struct ChainEnd {
  std::int64_t next_sequence = 1;
  std::optional<evidence::Digest> previous;
  bool operator==(const ChainEnd&) const = default;
};

struct SpoolCounts {
  std::int64_t spooled = 0;
  std::int64_t accepted = 0;  // still kept here
  std::int64_t set_aside = 0;
  std::int64_t gaps = 0;
  std::int64_t bytes = 0;
  std::optional<Verdict> last_receipt;
  std::optional<SnapshotName> last_accepted;
};

struct Settled {
  std::int64_t accepted = 0;
  std::int64_t set_aside = 0;
};

class Spool {
 public:
  // Prepares the folder, takes its lock (kConflict when another process has it), finishes or
  // undoes what a killed process left half done.
  [[nodiscard]] static Result<Spool> open(const StateFolder& state, SpoolOptions options = {},
                                          Disk disk = {});

  [[nodiscard]] ChainEnd chain_end(std::string_view host_id) const;

  // The manifest at that end: what was seen last. kNotFound when there is none.
  [[nodiscard]] Result<evidence::Manifest> last_manifest(std::string_view host_id) const;

  // kNoSpace: nothing was kept, the gap is recorded, and it is right to try again later.
  // kConflict: the manifest does not bear the chain end's number or predecessor.
  // kInvalidData: not a manifest, or a table of it is in neither `frames` nor the spool.
  [[nodiscard]] Status add(const CollectedSnapshot& snapshot);

  // Whether a table's frame need not be handed over again.
  [[nodiscard]] bool has_table(const evidence::Digest& digest) const;

  // Carries out the courier's verdicts and frees what nobody needs any more.
  [[nodiscard]] Result<Settled> settle();

  void record_gap(GapKind kind, std::string_view detail);

  [[nodiscard]] SpoolCounts counts() const;

  // The manifest that the collector accepted last, of any enrollment.
  [[nodiscard]] Result<std::string> last_accepted_manifest() const;

 private:
  struct Entry {
    std::int64_t bytes = 0;
    std::uint32_t host = 0;  // index in hosts_
  };
  struct TableFile {
    std::int64_t bytes = 0;
    std::int64_t users = 0;  // snapshots that need it
  };
  using Entries = std::map<SnapshotName, Entry>;
  struct Place {
    std::string folder;
    SnapshotName name;
  };

  Spool(const StateFolder& state, SpoolOptions options, Disk disk, FileDescriptor lock);

  [[nodiscard]] std::optional<Place> last_of(std::string_view host_id) const;
  [[nodiscard]] Status load();
  [[nodiscard]] Status load_tables();
  [[nodiscard]] Status load_entries(const std::string& folder, Entries* into);
  [[nodiscard]] Status load_entry(const std::string& folder, const SnapshotName& name,
                                  Entries* into);
  [[nodiscard]] std::optional<Verdict> verdict_of(const SnapshotName& name) const;
  [[nodiscard]] Status settle_one(const SnapshotName& name, const Verdict& verdict);
  [[nodiscard]] Status put_aside_damaged(const std::string& folder, const SnapshotName& name,
                                         const Error& why);
  [[nodiscard]] Status store(const SnapshotName& name, const evidence::Manifest& manifest,
                             const CollectedSnapshot& snapshot);
  [[nodiscard]] Status prune_accepted();
  void forget_damaged_tables(const SnapshotName& set_aside);
  void count_table_users();
  [[nodiscard]] Status remove_unused_tables();
  [[nodiscard]] Result<evidence::Manifest> manifest_in(const std::string& folder,
                                                       const SnapshotName& name) const;
  void use_tables(const evidence::Manifest& manifest, std::int64_t change);
  [[nodiscard]] std::uint32_t host_index(std::string_view host_id);
  [[nodiscard]] std::int64_t bytes() const;

  StateFolder state_;
  SpoolOptions options_;
  // On the heap: the gap log points to it when the spool is moved.
  std::unique_ptr<Disk> disk_;
  FileDescriptor lock_;
  GapLog gaps_;
  std::vector<std::string> hosts_;
  Entries spooled_;
  Entries accepted_;
  Entries set_aside_;
  std::map<evidence::Digest, TableFile> tables_;
};

// The same counts without the lock, for `status`; cheap, and a moment old at worst.
[[nodiscard]] Result<SpoolCounts> look_at_spool(const StateFolder& state);

}  // namespace assay::agent
