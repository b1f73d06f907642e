#include "collector/evaluation/snapshot_tables.h"

#include "evidence/canonical.h"

namespace assay::collector {
namespace {

// Larger tables are read one at a time, when they are needed.
constexpr std::int64_t kMostAhead = 256 << 10;

}  // namespace

Result<evidence::Manifest> manifest_of(EvidenceStore& store, const Snapshot& snapshot) {
  const auto bytes = store.manifest_bytes(snapshot);
  if (!bytes) return fail(bytes.error());
  return evidence::manifest_from_canonical(*bytes);
}

Result<evidence::Table> load_table(EvidenceStore& store, const evidence::Digest& digest) {
  const auto bytes = store.table_bytes(digest);
  if (!bytes) return fail(bytes.error());
  return evidence::from_canonical(*bytes);
}

checks::TableSource::Entry SnapshotTables::find(std::string_view table) const {
  const auto* entry = manifest_.find(table);
  if (entry == nullptr) return {std::nullopt, "the snapshot does not have it"};
  return {entry->digest, entry->reason};
}

Result<evidence::Table> StoredTables::load(std::string_view table) const {
  const auto entry = find(table);
  if (!entry.digest) return fail(Code::kInternal, "a table without a digest was asked for");
  const auto read = [&]() -> Result<evidence::Table> {
    const auto kept = expected_.find(*entry.digest);
    if (kept == expected_.end()) return load_table(store_, *entry.digest);
    const auto bytes = EvidenceStore::table_bytes(kept->second);
    if (!bytes) return fail(bytes.error());
    return evidence::from_canonical(*bytes);
  };
  auto loaded = read();
  if (!loaded && !failure_) failure_ = loaded.error().within("table " + std::string(table));
  return loaded;
}

void StoredTables::expect(const std::set<std::string>& tables) {
  expected_.clear();
  std::vector<evidence::Digest> digests;
  for (const auto& table : tables)
    if (const auto entry = find(table); entry.digest) digests.push_back(*entry.digest);
  auto kept = store_.kept_tables(digests, kMostAhead);
  if (!kept) return;  // whoever loads one of them is told
  for (std::size_t i = 0; i < digests.size(); ++i)
    if (auto& one = (*kept)[i]) expected_.emplace(digests[i], std::move(*one));
}

std::optional<std::string> os_named_in(const checks::TableSource& tables) {
  if (!tables.find("os_version").digest) return std::nullopt;
  const auto table = tables.load("os_version");
  if (!table || table->rows().empty()) return std::nullopt;
  auto text = evidence::to_text(table->at(0, "name"));
  const auto version = evidence::to_text(table->at(0, "version"));
  if (!version.empty()) text += (text.empty() ? "" : " ") + version;
  return text;
}

std::optional<std::string> NamedSystems::named_in(const checks::TableSource& tables) {
  const auto digest = tables.find("os_version").digest;
  if (!digest) return std::nullopt;
  if (auto known = names_.find(*digest)) return std::move(*known);
  auto name = os_named_in(tables);
  if (name) names_.keep(*digest, name);  // otherwise it may be that it could not be read
  return name;
}

}  // namespace assay::collector
