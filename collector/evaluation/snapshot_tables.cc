#include "collector/evaluation/snapshot_tables.h"

#include "evidence/canonical.h"

namespace assay::collector {

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
  auto loaded = load_table(store_, *entry.digest);
  if (!loaded && !failure_) failure_ = loaded.error().within("table " + std::string(table));
  return loaded;
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
