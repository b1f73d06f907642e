#include "collector/search/table_index.h"

#include <algorithm>

#include "collector/evaluation/snapshot_tables.h"

namespace assay::collector {

namespace {

// 100,000 hosts, as they are now and as of one other day; some 60 tables each, most of them shared.
constexpr std::size_t kMostSnapshots = 200'000;
constexpr std::size_t kMostMeanings = 4'000'000;

}  // namespace

void TableIndex::make_room() {
  if (snapshots_.size() < kMostSnapshots && meanings_.size() < kMostMeanings) return;
  snapshots_.clear();
  digests_.clear();
  reasons_.clear();
  names_.clear();
  meanings_.clear();
}

TableIndex::Number TableIndex::name_of(const std::string& table) {
  return names_.try_emplace(table, static_cast<Number>(names_.size())).first->second;
}

TableIndex::Number TableIndex::number_of(const evidence::Digest& digest) {
  const auto [known, is_new] = digests_.try_emplace(digest, static_cast<Number>(meanings_.size()));
  if (is_new) meanings_.push_back({digest, {}});
  return known->second;
}

TableIndex::Number TableIndex::number_of(const std::string& reason) {
  const auto [known, is_new] = reasons_.try_emplace(reason, static_cast<Number>(meanings_.size()));
  if (is_new) meanings_.push_back({std::nullopt, reason});
  return known->second;
}

Result<const TableIndex::Entries*> TableIndex::entries_of(const evidence::Digest& snapshot) {
  if (const auto known = snapshots_.find(snapshot); known != snapshots_.end())
    return &known->second;
  const auto stored = store_.snapshot(snapshot);
  if (!stored) return fail(stored.error());
  const auto manifest = manifest_of(store_, *stored);
  if (!manifest) return fail(manifest.error());
  Entries entries;
  entries.reserve(manifest->tables.size());
  for (const auto& table : manifest->tables)
    entries.push_back(
        {name_of(table.name), table.digest ? number_of(*table.digest) : number_of(table.reason)});
  std::ranges::sort(entries, {}, &Entry::name);
  return &snapshots_.emplace(snapshot, std::move(entries)).first->second;
}

Result<std::vector<TableIndex::Number>> TableIndex::numbers(const evidence::Digest& snapshot,
                                                            std::span<const std::string> tables) {
  const auto entries = entries_of(snapshot);
  if (!entries) return fail(entries.error());
  std::vector<Number> numbers;
  for (const auto& table : tables) {
    const auto name = name_of(table);
    const auto entry = std::ranges::lower_bound(**entries, name, {}, &Entry::name);
    numbers.push_back(entry != (*entries)->end() && entry->name == name
                          ? entry->table
                          : number_of("the snapshot does not have it"));
  }
  return numbers;
}

}  // namespace assay::collector
