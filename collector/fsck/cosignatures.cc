// Co-signatures of witnesses: each holds by the key that it is stored with, over the checkpoint
// beside it, which the ledger signed and whose tree is where the ledger begins.
#include "collector/fsck/examiner.h"
#include "collector/ledger/ledger.h"
#include "evidence/ledger/witness_exchange.h"

namespace assay::collector {

namespace {

Status check_line(const StoredCosignature& cosignature) {
  const auto witness = evidence::verifier_key_from(cosignature.witness);
  if (!witness) return fail(witness.error());
  const auto holds = evidence::cosignature_in(cosignature.line, cosignature.note, *witness);
  if (!holds) return fail(holds.error());
  if (evidence::to_text(holds->line) != cosignature.line)
    return refuse(Code::kInvalidData,
                  {"more is stored with it than its line", "保存的內容多於簽章本身"});
  if (holds->at != cosignature.at)
    return refuse(Code::kInvalidData, {"it is stored with another time than is written in it",
                                       "登載的時間與簽章內容不符"});
  return {};
}

}  // namespace

Status examine_cosignatures(Examination& examination) {
  auto& store = examination.store;
  // Co-signatures before the checkpoint: each is over a part of this tree.
  const auto all = store.cosignatures();
  if (!all) return fail(all.error());
  const auto latest = store.checkpoint();
  if (!latest && latest.error().code() != Code::kNotFound) return fail(latest.error());
  evidence::TileTree tree(latest ? latest->head.size : 0, tiles_of(store));
  for (const auto& cosignature : *all) {
    ++examination.counts.cosignatures;
    auto sound = check_line(cosignature);
    if (sound)
      sound = check_kept_checkpoint(cosignature.note, cosignature.size, examination.options.ledger,
                                    tree);
    if (sound) continue;
    const auto told =
        examination.note(phrase({"co-signature of the witness {}", "見證者 {} 的共同簽章"},
                                cosignature.witness.substr(0, cosignature.witness.find('+'))),
                         sound.error());
    if (!told) return told;
  }
  return {};
}

}  // namespace assay::collector
