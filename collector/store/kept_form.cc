#include "collector/store/kept_form.h"

#include <algorithm>
#include <utility>

#include "collector/store/seal.h"
#include "evidence/compress.h"

namespace assay::collector {
namespace {

constexpr std::size_t kDriftedPart = 8;
constexpr unsigned char kOneInSixteen = 0x0f;
// What zstd makes of a manifest, which is not compressed as a whole only to be compared with: a
// third, most of it digests.
constexpr std::size_t kManifestRatio = 3;
// Larger tables take longer to compare than their place is worth.
constexpr std::int64_t kMaxComparedBytes = 8 << 20;

bool is_of_a_size(std::int64_t bytes, std::int64_t base) {
  return bytes <= kMaxComparedBytes && base <= 2 * bytes;
}

}  // namespace

bool pays(std::size_t difference, std::size_t whole, const evidence::Digest& digest) {
  if (difference > whole - whole / 5) return false;
  return difference <= whole / kDriftedPart || (digest.bytes.front() & kOneInSixteen) != 0;
}

std::optional<Predecessor> Predecessor::of(EvidenceStore& store, std::string_view host_id,
                                           std::int64_t sequence) {
  const auto page = store.snapshots(host_id, {std::to_string(sequence), 1});
  if (!page || page->items.empty() || page->items[0].removed_at) return std::nullopt;
  auto kept = store.kept_manifest(page->items[0]);
  if (!kept) return std::nullopt;
  return Predecessor(std::move(*kept));
}

const evidence::Digest* Predecessor::table(std::string_view name) {
  if (!read_) read_ = evidence::manifest_from_canonical(kept_.bytes).value_or(evidence::Manifest());
  const auto* entry = read_->find(name);
  return entry != nullptr && entry->digest ? &*entry->digest : nullptr;
}

Status set_form(std::string_view bytes, const Predecessor* before, NewSnapshot* snapshot) {
  const auto reach =
      before == nullptr ? 0 : snapshot->manifest.sequence - before->manifest().whole_sequence;
  if (reach > 0 && reach <= kMaxManifestReach) {
    auto frame = evidence::codec_of_thread().compress_with(before->manifest().whole_bytes(), bytes);
    if (!frame) return fail(frame.error());
    if (pays(frame->size(), bytes.size() / kManifestRatio, snapshot->digest)) {
      snapshot->manifest_frame = sealed(*frame);
      snapshot->manifest_base = before->manifest().whole_sequence;
      return {};
    }
  }
  auto frame = evidence::codec_of_thread().compress(bytes);
  if (!frame) return fail(frame.error());
  snapshot->manifest_frame = std::move(*frame);
  snapshot->manifest_base.reset();
  return {};
}

void set_form(EvidenceStore& store, std::string_view bytes, Predecessor* before,
              StoredTable* table) {
  const auto* stood_before = before == nullptr ? nullptr : before->table(table->facts.name);
  if (stood_before == nullptr) return;
  const auto kept = store.kept_tables({stood_before, 1});
  if (!kept || !kept->front()) return;
  const auto& base = kept->front()->base ? *kept->front()->base : kept->front()->table;
  if (base.facts.digest == table->facts.digest ||
      !is_of_a_size(table->facts.bytes, base.facts.bytes))
    return;
  // What is damaged is for fsck to tell; nothing more may come to rest on it.
  const auto whole = store.table_bytes(base);
  if (!whole) return;
  auto frame = evidence::codec_of_thread().compress_with(*whole, bytes);
  if (!frame || !pays(frame->size() + base.facts.digest.bytes.size(), table->frame.size(),
                      table->facts.digest))
    return;
  table->frame = sealed(*frame);
  table->base = base.facts.digest;
}

}  // namespace assay::collector
