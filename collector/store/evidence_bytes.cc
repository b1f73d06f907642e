// Evidence as it was accepted, out of the form in which it is kept.
#include "collector/store/evidence_store.h"
#include "evidence/compress.h"
#include "evidence/limits.h"
#include "evidence/refusal.h"

namespace assay::collector {
namespace {

// Of the thread that reads: some read thousands.
evidence::FrameCodec& codec() {
  thread_local evidence::FrameCodec of_thread;
  return of_thread;
}

}  // namespace

Result<std::string> EvidenceStore::table_bytes(const evidence::Digest& digest) {
  const auto stored = table(digest);
  if (!stored) return fail(stored.error());
  std::string prefix;
  if (stored->base) {
    const auto base = table(*stored->base);
    if (!base) return fail(base.error());
    if (base->base)
      return fail(Code::kInvalidData,
                  "table " + stored->base->hex() + ", which another differs from, is not whole");
    auto whole = codec().decompress(base->frame, evidence::kMaxTableBytes);
    if (!whole) return fail(whole.error().within("table " + stored->base->hex()));
    prefix = std::move(*whole);
  }
  auto bytes = codec().decompress_with(prefix, stored->frame, evidence::kMaxTableBytes);
  if (!bytes) return bytes;
  if (evidence::sha256(*bytes) != digest)
    return refuse(Code::kInvalidData, {"the stored table is not the one that was accepted",
                                       "保存的資料表與收件時不同"});
  return bytes;
}

Result<KeptManifest> EvidenceStore::kept_manifest(const Snapshot& snapshot) {
  if (auto there = check_whole(snapshot); !there) return fail(there.error());
  KeptManifest kept{{}, snapshot.manifest_base.value_or(snapshot.sequence), {}};
  if (snapshot.manifest_base) {
    // The one with the highest number below the next.
    const auto page = snapshots(snapshot.host_id, {std::to_string(kept.whole_sequence + 1), 1});
    if (!page) return fail(page.error());
    if (page->items.empty() || page->items[0].sequence != kept.whole_sequence ||
        page->items[0].manifest_base || page->items[0].removed_at)
      return fail(Code::kInvalidData, "manifest " + std::to_string(kept.whole_sequence) +
                                          ", which this one differs from, is not there whole");
    auto whole = codec().decompress(page->items[0].manifest_frame, evidence::kMaxManifestBytes);
    if (!whole) return fail(whole.error());
    kept.whole = std::move(*whole);
  }
  auto bytes =
      codec().decompress_with(kept.whole, snapshot.manifest_frame, evidence::kMaxManifestBytes);
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
