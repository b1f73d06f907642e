#include "collector/ledger/ledger.h"

#include <functional>
#include <map>
#include <utility>

#include "evidence/ledger/witness_exchange.h"
#include "evidence/refusal.h"

namespace assay::collector {

namespace {

Status check_size(std::int64_t size, std::int64_t most) {
  if (size >= 0 && size <= most) return {};
  return refuse(Code::kUsage,
                {"the ledger has {} entries, never had {}", "帳本有 {} 筆紀錄，從未有過 {} 筆"},
                most, size);
}

}  // namespace

evidence::ReadTile tiles_of(LedgerStore& store) {
  return [&store](const evidence::TileId& tile, int /*width*/) { return store.ledger_tile(tile); };
}

Result<LedgerView> LedgerView::latest(LedgerStore& store) {
  auto checkpoint = store.checkpoint();
  if (!checkpoint) return fail(checkpoint.error());
  return LedgerView(store, checkpoint->head, std::move(checkpoint->note));
}

Result<LedgerView> LedgerView::at(LedgerStore& store, std::string note) {
  const auto parsed = evidence::note_from_text(note);
  if (!parsed) return fail(parsed.error());
  const auto checkpoint = evidence::checkpoint_from_text(parsed->text);
  if (!checkpoint) return fail(checkpoint.error());
  return LedgerView(store, checkpoint->head, std::move(note));
}

Result<evidence::TlogProof> LedgerView::prove(const evidence::Digest& digest) {
  const auto index = store_->ledger_index(digest);
  if (!index) return fail(index.error());
  const auto size = head_.size;
  if (*index >= size)
    return refuse(Code::kNotFound,
                  {"{} was logged a moment ago", "{} 剛寫入帳本，請稍後再試"}, digest.hex());
  const auto entries = store_->ledger_entries(*index, 1);
  if (!entries) return fail(entries.error());
  if (entries->empty())
    return refuse(Code::kInvalidData, {"an entry of the ledger is missing", "帳本缺少一筆紀錄"});
  auto hashes = evidence::inclusion_proof(*index, size, tree_.reader());
  if (!hashes) return fail(hashes.error());
  return evidence::TlogProof{evidence::to_text(entries->front()), *index, std::move(*hashes),
                             note_};
}

Result<evidence::Proof> LedgerView::consistency(std::int64_t older) {
  if (auto had = check_size(older, head_.size); !had) return fail(had.error());
  return evidence::consistency_proof(older, head_.size, tree_.reader());
}

Result<evidence::Digest> LedgerView::root(std::int64_t size) {
  if (auto had = check_size(size, head_.size); !had) return fail(had.error());
  // What is complete in the smaller tree is so in the larger, in the same tiles.
  return evidence::root_of(size, tree_.reader());
}

Status check_signed(const StoredCheckpoint& checkpoint, const evidence::VerifierKey& ledger) {
  const auto opened = evidence::open_checkpoint(checkpoint.note, ledger, ledger.name);
  if (opened && opened->checkpoint.head == checkpoint.head) return {};
  return refuse(Code::kLost, {"the latest checkpoint is not one that the ledger signed",
                              "最新檢查點並非由帳本所簽署"});
}

Result<evidence::Proof> consistency_between(LedgerStore& store, std::int64_t older,
                                            std::int64_t newer) {
  const auto latest = store.checkpoint();
  if (!latest) return fail(latest.error());
  if (auto had = check_size(newer, latest->head.size); !had) return fail(had.error());
  if (auto had = check_size(older, newer); !had)
    return refuse(Code::kUsage,
                  {"from: a size from 0 up to that of to", "from：請填 0 至 to 之間的筆數"});
  evidence::TileTree tree(newer, tiles_of(store));
  return evidence::consistency_proof(older, newer, tree.reader());
}

Result<std::vector<CosignedCheckpoint>> cosigned_checkpoints(LedgerStore& store) {
  const auto all = store.cosignatures();
  if (!all) return fail(all.error());
  // By the text that the log signed: its lines go on the note of that.
  std::map<std::pair<std::int64_t, std::string>, std::vector<evidence::NoteSignature>,
           std::greater<>>
      lines;
  for (const auto& cosignature : *all) {
    auto line = evidence::note_signature_from(cosignature.line);
    if (!line) return fail(line.error());
    lines[{cosignature.size, cosignature.note}].push_back(std::move(*line));
  }
  std::vector<CosignedCheckpoint> checkpoints;
  for (const auto& [checkpoint, its_lines] : lines) {
    auto note = evidence::with_cosignatures(checkpoint.second, its_lines);
    if (!note) return fail(note.error());
    checkpoints.push_back({checkpoint.first, std::move(*note)});
  }
  return checkpoints;
}

Event ledger_event(std::string detail, evidence::Seconds now) {
  Event event;
  event.kind = Event::Kind::kLedger;
  event.detail = std::move(detail);
  event.last = now;
  return event;
}

Result<std::optional<evidence::Seconds>> unstamped_since(LedgerStore& store) {
  const auto latest = store.time_stamps({"", 1});
  if (!latest) return fail(latest.error());
  const auto covered = latest->items.empty() ? 0 : latest->items.front().size;
  const auto next = store.ledger_entries(covered, 1);
  if (!next) return fail(next.error());
  if (next->empty()) return std::nullopt;
  return next->front().accepted;
}

}  // namespace assay::collector
