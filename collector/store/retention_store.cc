#include "collector/store/retention_store.h"

#include <algorithm>

namespace assay::collector {
namespace {

// A batch that is too large would keep everybody waiting.
template <typename T>
std::span<const T> bounded_batch(std::span<const T> all) {
  return all.first(std::min(all.size(), kMaxRemovals));
}

}  // namespace

Result<Removal> RetentionStore::begin_removal(evidence::Seconds now, evidence::Seconds horizon) {
  if (horizon >= now) return fail(Code::kInternal, "a horizon of retention lies in the past");
  return measured("begin_removal", [&] { return do_begin_removal(now, horizon); });
}

Result<Page<Removal>> RetentionStore::removals(const PageRequest& page) {
  return measured("removals", [&] { return do_removals(bounded(page)); });
}

Result<Page<SnapshotPlace>> RetentionStore::removable_snapshots(evidence::Seconds horizon,
                                                                const PageRequest& page) {
  return measured("removable_snapshots",
                  [&] { return do_removable_snapshots(horizon, bounded(page)); });
}

Result<std::int64_t> RetentionStore::remove_snapshots(const Removal& removal,
                                                      std::span<const SnapshotPlace> places) {
  return measured("remove_snapshots",
                  [&] { return do_remove_snapshots(removal, bounded_batch(places)); });
}

Result<Page<Snapshot>> RetentionStore::kept_before(evidence::Seconds horizon,
                                                   const PageRequest& page) {
  return measured("kept_before", [&] { return do_kept_before(horizon, bounded(page)); });
}

Result<Page<evidence::Digest>> RetentionStore::tables_unused_since(evidence::Seconds time,
                                                                   const PageRequest& page) {
  return measured("tables_unused_since",
                  [&] { return do_tables_unused_since(time, bounded(page)); });
}

Result<std::vector<evidence::Digest>> RetentionStore::register_tables() {
  return measured("register_tables", [&] { return do_register_tables(); });
}

Result<std::int64_t> RetentionStore::remove_tables(const Removal& removal,
                                                   std::span<const evidence::Digest> digests,
                                                   evidence::Seconds unused_since) {
  return measured("remove_tables",
                  [&] { return do_remove_tables(removal, bounded_batch(digests), unused_since); });
}

Result<std::vector<std::vector<std::string>>> RetentionStore::frameworks_of_history() {
  return measured("frameworks_of_history", [&] { return do_frameworks_of_history(); });
}

Result<History> RetentionStore::history_before(std::span<const std::string> frameworks,
                                               evidence::Seconds horizon) {
  return measured("history_before", [&] { return do_history_before(frameworks, horizon); });
}

Result<History> RetentionStore::remove_history(const Removal& removal,
                                               std::span<const std::string> frameworks,
                                               evidence::Seconds horizon, std::size_t limit) {
  return measured("remove_history", [&] {
    return do_remove_history(removal, frameworks, horizon,
                             std::clamp<std::size_t>(limit, 1, kMaxRemovals));
  });
}

Result<std::vector<evidence::Digest>> RetentionStore::unused_results(std::size_t limit) {
  return measured("unused_results", [&] { return do_unused_results(limit); });
}

Result<std::int64_t> RetentionStore::remove_results(const Removal& removal,
                                                    std::span<const evidence::Digest> keys,
                                                    evidence::Seconds looked_at) {
  return measured("remove_results",
                  [&] { return do_remove_results(removal, bounded_batch(keys), looked_at); });
}

Result<std::vector<evidence::Seconds>> RetentionStore::scans_since(evidence::Seconds time) {
  return measured("scans_since", [&] { return do_scans_since(time); });
}

}  // namespace assay::collector
