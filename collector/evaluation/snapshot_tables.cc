#include "collector/evaluation/snapshot_tables.h"

#include "evidence/canonical.h"
#include "evidence/compress.h"
#include "evidence/limits.h"
#include "evidence/refusal.h"

namespace assay::collector {

Result<evidence::Manifest> manifest_of(const Snapshot& snapshot) {
  if (auto there = check_whole(snapshot); !there) return fail(there.error());
  const auto bytes = evidence::decompress(snapshot.manifest_frame, evidence::kMaxManifestBytes);
  if (!bytes) return fail(bytes.error());
  if (evidence::sha256(*bytes) != snapshot.digest)
    return refuse(Code::kInvalidData, {"the stored manifest is not the one that was accepted",
                                       "保存的清單與收件時不同"});
  return evidence::manifest_from_canonical(*bytes);
}

Result<evidence::Table> load_table(EvidenceStore& store, const evidence::Digest& digest) {
  const auto stored = store.table(digest);
  if (!stored) return fail(stored.error());
  const auto bytes = evidence::decompress(stored->frame, evidence::kMaxTableBytes);
  if (!bytes) return fail(bytes.error());
  if (evidence::sha256(*bytes) != digest)
    return refuse(Code::kInvalidData, {"the stored table is not the one that was accepted",
                                       "保存的資料表與收件時不同"});
  return evidence::from_canonical(*bytes);
}

checks::TableSource::Entry SnapshotTables::find(std::string_view table) const {
  const auto* entry = manifest_.find(table);
  if (entry == nullptr) return {std::nullopt, "the snapshot does not have it"};
  return {entry->digest, entry->reason};
}

Result<evidence::Table> SnapshotTables::load(std::string_view table) const {
  const auto* entry = manifest_.find(table);
  if (entry == nullptr || !entry->digest)
    return fail(Code::kInternal, "a table without a digest was asked for");
  auto loaded = load_table(store_, *entry->digest);
  if (!loaded && !failure_) failure_ = loaded.error().within("table " + entry->name);
  return loaded;
}

std::optional<std::string> os_named_in(const SnapshotTables& tables) {
  if (!tables.find("os_version").digest) return std::nullopt;
  const auto table = tables.load("os_version");
  if (!table || table->rows().empty()) return std::nullopt;
  auto text = evidence::to_text(table->at(0, "name"));
  const auto version = evidence::to_text(table->at(0, "version"));
  if (!version.empty()) text += (text.empty() ? "" : " ") + version;
  return text;
}

}  // namespace assay::collector
