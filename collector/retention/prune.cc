#include "collector/retention/prune.h"

#include <algorithm>
#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

#include "collector/evaluation/snapshot_tables.h"
#include "evidence/refusal.h"

namespace assay::collector {
namespace {

constexpr std::chrono::days kHeardOf{31};
// Whoever asks for them has all verdicts read.
constexpr std::size_t kResultsAtOnce = 100'000;

using Digests = std::unordered_set<evidence::Digest>;

class Pruning {
 public:
  Pruning(Store& store, const RetentionTerms& terms, evidence::Seconds now)
      : store_(store), terms_(terms), now_(now), horizon_(years_before(now, terms.longest())) {}

  Result<Prunable> look();
  Result<Removal> run();

 private:
  // Calls `take(batch)` for what may go, a batch at a time.
  template <typename Take>
  Status for_snapshots(Take take);
  template <typename Take>
  Status for_tables(Take take);
  template <typename Take>
  Status for_frameworks(Take take);
  // Tables of snapshots that are kept though they are older, and of the register. Read once: none
  // comes to them, and whoever takes up an old table notes its use.
  Status read_kept_tables();
  Status remove_results(const Removal& removal);

  Store& store_;
  const RetentionTerms& terms_;
  const evidence::Seconds now_;
  const evidence::Seconds horizon_;
  std::optional<Digests> kept_;
};

template <typename Take>
Status Pruning::for_snapshots(Take take) {
  PageRequest page{{}, kMaxRemovals};
  do {
    const auto places = store_.removable_snapshots(horizon_, page);
    if (!places) return fail(places.error());
    if (!places->items.empty())
      if (Status taken = take(std::span(places->items)); !taken) return taken;
    page.cursor = places->next;
  } while (!page.cursor.empty());
  return {};
}

Status Pruning::read_kept_tables() {
  if (kept_) return {};
  auto recorded = store_.register_tables();
  if (!recorded) return fail(recorded.error());
  Digests kept(recorded->begin(), recorded->end());
  auto read =
      for_every([&](const PageRequest& page) { return store_.kept_before(horizon_, page); },
                [&](const Snapshot& snapshot) -> Status {
                  const auto manifest = manifest_of(store_, snapshot);
                  if (!manifest)
                    return fail(manifest.error().within(phrase(
                        {"snapshot {} of host {}; see fsck", "主機 {1} 的快照 {0}（請執行 fsck）"},
                        snapshot.sequence, snapshot.host_id)));
                  for (const auto& table : manifest->tables)
                    if (table.digest) kept.insert(*table.digest);
                  return {};
                });
  if (!read) return read;
  kept_ = std::move(kept);
  return {};
}

template <typename Take>
Status Pruning::for_tables(Take take) {
  if (auto read = read_kept_tables(); !read) return read;
  PageRequest page{{}, kMaxRemovals};
  do {
    auto digests = store_.tables_unused_since(horizon_ - kUseGrain, page);
    if (!digests) return fail(digests.error());
    std::erase_if(digests->items,
                  [&](const evidence::Digest& digest) { return kept_->contains(digest); });
    if (!digests->items.empty())
      if (Status taken = take(std::span<const evidence::Digest>(digests->items)); !taken)
        return taken;
    page.cursor = digests->next;
  } while (!page.cursor.empty());
  return {};
}

template <typename Take>
Status Pruning::for_frameworks(Take take) {
  const auto sets = store_.frameworks_of_history();
  if (!sets) return fail(sets.error());
  for (const auto& frameworks : *sets)
    if (Status taken = take(frameworks, years_before(now_, terms_.of(frameworks))); !taken)
      return taken;
  return {};
}

Result<Prunable> Pruning::look() {
  Prunable found;
  found.horizon = horizon_;
  auto done = for_snapshots([&](std::span<const SnapshotPlace> places) -> Status {
    found.snapshots += static_cast<std::int64_t>(places.size());
    return {};
  });
  if (!done) return fail(done.error());
  done = for_tables([&](std::span<const evidence::Digest> digests) -> Status {
    found.tables += static_cast<std::int64_t>(digests.size());
    return {};
  });
  if (!done) return fail(done.error());
  done = for_frameworks(
      [&](std::span<const std::string> frameworks, evidence::Seconds horizon) -> Status {
        const auto history = store_.history_before(frameworks, horizon);
        if (!history) return fail(history.error());
        found.history.verdicts += history->verdicts;
        found.history.findings += history->findings;
        return {};
      });
  if (!done) return fail(done.error());
  return found;
}

Status Pruning::remove_results(const Removal& removal) {
  for (;;) {
    const auto unused = store_.unused_results(kResultsAtOnce);
    if (!unused) return fail(unused.error());
    std::int64_t removed = 0;
    for (auto rest = std::span(*unused); !rest.empty();
         rest = rest.subspan(std::min(rest.size(), kMaxRemovals))) {
      const auto gone =
          store_.remove_results(removal, rest.first(std::min(rest.size(), kMaxRemovals)), now_);
      if (!gone) return fail(gone.error());
      removed += *gone;
    }
    if (unused->size() < kResultsAtOnce || removed == 0) return {};
  }
}

Result<Removal> Pruning::run() {
  const auto removal = store_.begin_removal(now_, horizon_);
  if (!removal) return fail(removal.error());
  auto done = for_snapshots([&](std::span<const SnapshotPlace> places) -> Status {
    const auto removed = store_.remove_snapshots(*removal, places);
    return removed ? Status() : fail(removed.error());
  });
  if (!done) return fail(done.error());
  done = for_tables([&](std::span<const evidence::Digest> digests) -> Status {
    const auto removed = store_.remove_tables(*removal, digests, horizon_ - kUseGrain);
    return removed ? Status() : fail(removed.error());
  });
  if (!done) return fail(done.error());
  done = for_frameworks(
      [&](std::span<const std::string> frameworks, evidence::Seconds horizon) -> Status {
        for (;;) {
          const auto removed = store_.remove_history(*removal, frameworks, horizon, kMaxRemovals);
          if (!removed) return fail(removed.error());
          if (removed->verdicts == 0 && removed->findings == 0) return {};
        }
      });
  if (!done) return fail(done.error());
  if (done = remove_results(*removal); !done) return fail(done.error());
  const auto latest = store_.removals({{}, 1});
  if (!latest) return fail(latest.error());
  return latest->items.front();
}

}  // namespace

Status check_clock(Store& store, evidence::Seconds now) {
  const auto scans = store.scans_since(now - kHeardOf);
  if (!scans) return fail(scans.error());
  if (scans->empty())
    return refuse(
        Code::kConflict,
        {"no host was heard of in the last {} days: nothing tells that this machine's clock "
         "({}) is right, and nothing is removed by it",
         "近 {} 天內沒有任何主機回報，無從確認本機時鐘（{}）是否正確，因此不移除任何資料"},
        kHeardOf.count(), evidence::to_timestamp(now));
  const auto median = (*scans)[scans->size() / 2];
  if (median < now - kHeardOf)
    return refuse(
        Code::kConflict,
        {"this machine's clock says {}, and the hosts' own say {}: one of them is wrong, and "
         "nothing is removed",
         "本機時鐘為 {}，但主機端時鐘為 {}，其中必有錯誤，因此不移除任何資料"},
        evidence::to_timestamp(now), evidence::to_timestamp(median));
  return {};
}

Result<Prunable> prunable(Store& store, const RetentionTerms& terms, evidence::Seconds now) {
  return Pruning(store, terms, now).look();
}

Result<Removal> prune(Store& store, const RetentionTerms& terms, evidence::Seconds now) {
  Pruning pruning(store, terms, now);
  const auto found = pruning.look();
  if (!found) return fail(found.error());
  if (found->is_empty()) {
    Removal nothing;
    nothing.at = now;
    nothing.horizon = found->horizon;
    return nothing;
  }
  return pruning.run();
}

}  // namespace assay::collector
