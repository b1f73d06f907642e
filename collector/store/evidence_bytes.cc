// Evidence as it was accepted, out of the form in which it is kept.
#include "collector/store/evidence_store.h"
#include "collector/store/seal.h"
#include "evidence/compress.h"
#include "evidence/limits.h"
#include "evidence/refusal.h"

namespace assay::collector {
namespace {

// `base`: what it differs from; nullptr where that is not at hand.
Result<std::string> bytes_of(const StoredTable& stored, const StoredTable* base) {
  auto& codec = evidence::codec_of_thread();
  std::string prefix;
  std::string_view frame = stored.frame;
  if (stored.base) {
    const auto intact = unsealed(frame);
    if (!intact) return fail(intact.error());
    frame = *intact;
    if (base == nullptr || base->base)
      return fail(Code::kInvalidData,
                  "table " + stored.base->hex() + ", which another differs from, is not whole");
    auto whole = codec.decompress(base->frame, evidence::kMaxTableBytes);
    if (!whole) return fail(whole.error().within("table " + stored.base->hex()));
    prefix = std::move(*whole);
  }
  auto bytes = codec.decompress_with(prefix, frame, evidence::kMaxTableBytes);
  if (!bytes) return bytes;
  if (evidence::sha256(*bytes) != stored.facts.digest)
    return refuse(Code::kInvalidData, {"the stored table is not the one that was accepted",
                                       "保存的資料表與收件時不同"});
  return bytes;
}

}  // namespace

Result<std::string> EvidenceStore::table_bytes(const evidence::Digest& digest) {
  const auto stored = table(digest);
  if (!stored) return fail(stored.error());
  return table_bytes(*stored);
}

Result<std::string> EvidenceStore::table_bytes(const StoredTable& stored) {
  if (!stored.base) return bytes_of(stored, nullptr);
  const auto base = table(*stored.base);
  if (!base) return fail(base.error());
  return bytes_of(stored, &*base);
}

Result<std::string> EvidenceStore::table_bytes(const KeptTable& kept) {
  return bytes_of(kept.table, kept.base ? &*kept.base : nullptr);
}

Result<KeptManifest> EvidenceStore::kept_manifest(const Snapshot& snapshot) {
  if (auto there = check_whole(snapshot); !there) return fail(there.error());
  if (!snapshot.manifest_base) return kept_manifest(snapshot, {});
  // The one with the highest number below the next.
  const auto page = snapshots(snapshot.host_id, {std::to_string(*snapshot.manifest_base + 1), 1});
  if (!page) return fail(page.error());
  const auto is_there = !page->items.empty() &&
                        page->items[0].sequence == *snapshot.manifest_base &&
                        !page->items[0].manifest_base && !page->items[0].removed_at;
  return kept_manifest(snapshot, is_there ? page->items[0].manifest_frame : std::string());
}

Result<KeptManifest> EvidenceStore::kept_manifest(const Snapshot& snapshot,
                                                  std::string_view whole_frame) {
  if (auto there = check_whole(snapshot); !there) return fail(there.error());
  auto& codec = evidence::codec_of_thread();
  KeptManifest kept{{}, snapshot.manifest_base.value_or(snapshot.sequence), {}};
  std::string_view frame = snapshot.manifest_frame;
  if (snapshot.manifest_base) {
    const auto intact = unsealed(frame);
    if (!intact) return fail(intact.error());
    frame = *intact;
    if (whole_frame.empty())
      return fail(Code::kInvalidData, "manifest " + std::to_string(kept.whole_sequence) +
                                          ", which this one differs from, is not there whole");
    auto whole = codec.decompress(whole_frame, evidence::kMaxManifestBytes);
    if (!whole) return fail(whole.error());
    kept.whole = std::move(*whole);
  }
  auto bytes = codec.decompress_with(kept.whole, frame, evidence::kMaxManifestBytes);
  if (!bytes) return fail(bytes.error());
  kept.bytes = std::move(*bytes);
  return kept;
}

Result<std::string> EvidenceStore::manifest_bytes(const Snapshot& snapshot) {
  auto kept = kept_manifest(snapshot);
  if (!kept) return fail(kept.error());
  if (evidence::sha256(kept->bytes) != snapshot.digest)
    return refuse(Code::kInvalidData, {"the stored manifest is not the one that was accepted",
                                       "保存的清單與收件時不同"});
  return std::move(kept->bytes);
}

}  // namespace assay::collector
