// Taking away what need not be kept any longer, and what is known of it afterwards.
//
// What was in force at any moment of the time of retention is kept: a snapshot may go when the one
// that came after it was accepted before the horizon, or its host was sent away before; a verdict
// or finding when it ended before that, likewise. Of a snapshot that is removed its place in the
// chain stays for ever, as its entry in the ledger does: that it was accepted, when, and under
// which digest. So a removal is told from a loss, and nothing that comes twice is taken for new.
//
// Safe from any thread and beside any number of collectors that serve. Each removal of a batch is
// one transaction, which looks again whether it may; a write is durable when the call returns. Any
// call may fail with kNoSpace, kUnavailable (busy or away: try again) or kIo.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "collector/store/evidence_store.h"
#include "collector/store/meter.h"
#include "collector/store/page.h"
#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

// How much of what was judged.
struct History {
  std::int64_t verdicts = 0;  // intervals
  std::int64_t findings = 0;  // spans
};

// One act of removing, as it stays on record.
struct Removal {
  std::int64_t number = 0;  // from 1
  evidence::Seconds at;     // when it began
  // Evidence that was last in force before this moment was to be removed.
  evidence::Seconds horizon;
  std::int64_t snapshots = 0;
  std::int64_t tables = 0;
  History history;
  std::int64_t results = 0;
};

struct SnapshotPlace {
  std::string host_id;
  std::int64_t sequence = 0;
  evidence::Seconds accepted_at;
};

// What one call removes at most, so that nobody waits long for it.
inline constexpr std::size_t kMaxRemovals = 500;

class RetentionStore : public virtual Metered {
 public:
  virtual ~RetentionStore() = default;

  // Puts it on record, before anything is taken away.
  [[nodiscard]] Result<Removal> begin_removal(evidence::Seconds now, evidence::Seconds horizon);
  // The latest first.
  [[nodiscard]] Result<Page<Removal>> removals(const PageRequest& page);

  // In the order in which they were accepted. Never one that is not in the ledger.
  [[nodiscard]] Result<Page<SnapshotPlace>> removable_snapshots(evidence::Seconds horizon,
                                                                const PageRequest& page);
  // Those of `places` that may go by the horizon of `removal`; how many did.
  [[nodiscard]] Result<std::int64_t> remove_snapshots(const Removal& removal,
                                                      std::span<const SnapshotPlace> places);
  // Snapshots that were accepted before `horizon` as well and are kept all the same, in that order.
  [[nodiscard]] Result<Page<Snapshot>> kept_before(evidence::Seconds horizon,
                                                   const PageRequest& page);

  // Tables whose last use that was noted is before `time`. Whether a snapshot that is kept, or the
  // register, has them all the same is not looked at.
  [[nodiscard]] Result<Page<evidence::Digest>> tables_unused_since(evidence::Seconds time,
                                                                   const PageRequest& page);
  // Those that the register refers to.
  [[nodiscard]] Result<std::vector<evidence::Digest>> register_tables();
  // Those of `digests` that were not used since; how many.
  [[nodiscard]] Result<std::int64_t> remove_tables(const Removal& removal,
                                                   std::span<const evidence::Digest> digests,
                                                   evidence::Seconds unused_since);

  // Each set of frameworks that verdicts or findings are, or were, of.
  [[nodiscard]] Result<std::vector<std::vector<std::string>>> frameworks_of_history();
  // What was of exactly these frameworks and ended before `horizon`, or was in force when its host
  // was sent away before.
  [[nodiscard]] Result<History> history_before(std::span<const std::string> frameworks,
                                               evidence::Seconds horizon);
  // At most `limit` of each; a finding of which nothing is left goes with its last span.
  [[nodiscard]] Result<History> remove_history(const Removal& removal,
                                               std::span<const std::string> frameworks,
                                               evidence::Seconds horizon, std::size_t limit);
  // Results that no verdict refers to. To be asked with a limit that is worth reading all verdicts
  // for.
  [[nodiscard]] Result<std::vector<evidence::Digest>> unused_results(std::size_t limit);
  // Those of `keys`, found at `looked_at`, that no verdict has begun to refer to since; how many.
  [[nodiscard]] Result<std::int64_t> remove_results(const Removal& removal,
                                                    std::span<const evidence::Digest> keys,
                                                    evidence::Seconds looked_at);

  // For each host whose latest snapshot was accepted at or after `time`: when that scan ended by
  // the host's own clock. The earliest first.
  [[nodiscard]] Result<std::vector<evidence::Seconds>> scans_since(evidence::Seconds time);

 private:
  virtual Result<Removal> do_begin_removal(evidence::Seconds now, evidence::Seconds horizon) = 0;
  virtual Result<Page<Removal>> do_removals(const PageRequest& page) = 0;
  virtual Result<Page<SnapshotPlace>> do_removable_snapshots(evidence::Seconds horizon,
                                                             const PageRequest& page) = 0;
  virtual Result<std::int64_t> do_remove_snapshots(const Removal& removal,
                                                   std::span<const SnapshotPlace> places) = 0;
  virtual Result<Page<Snapshot>> do_kept_before(evidence::Seconds horizon,
                                                const PageRequest& page) = 0;
  virtual Result<Page<evidence::Digest>> do_tables_unused_since(evidence::Seconds time,
                                                                const PageRequest& page) = 0;
  virtual Result<std::vector<evidence::Digest>> do_register_tables() = 0;
  virtual Result<std::int64_t> do_remove_tables(const Removal& removal,
                                                std::span<const evidence::Digest> digests,
                                                evidence::Seconds unused_since) = 0;
  virtual Result<std::vector<std::vector<std::string>>> do_frameworks_of_history() = 0;
  virtual Result<History> do_history_before(std::span<const std::string> frameworks,
                                            evidence::Seconds horizon) = 0;
  virtual Result<History> do_remove_history(const Removal& removal,
                                            std::span<const std::string> frameworks,
                                            evidence::Seconds horizon, std::size_t limit) = 0;
  virtual Result<std::vector<evidence::Digest>> do_unused_results(std::size_t limit) = 0;
  virtual Result<std::int64_t> do_remove_results(const Removal& removal,
                                                 std::span<const evidence::Digest> keys,
                                                 evidence::Seconds looked_at) = 0;
  virtual Result<std::vector<evidence::Seconds>> do_scans_since(evidence::Seconds time) = 0;
};

}  // namespace assay::collector
