#include "collector/api/logged_proofs.h"

#include "collector/ledger/ledger.h"

namespace assay::collector::api {

namespace {

// By the last checkpoint that each witness has co-signed, as far as it has the entry: mostly
// one for all of them.
Status add_witnessed(const Service& service, const evidence::Digest& digest, std::int64_t index,
                     evidence::SignedManifest* source) {
  const auto checkpoints = cosigned_checkpoints(service.store);
  if (!checkpoints) return fail(checkpoints.error());
  for (const auto& [size, note] : *checkpoints) {
    if (size <= index || source->witnessed.size() == evidence::kMaxWitnessedProofs) break;
    auto view = LedgerView::at(service.store, note);
    if (!view) return fail(view.error());
    const auto proof = view->prove(digest);
    if (!proof) return fail(proof.error());
    source->witnessed.push_back(evidence::to_text(*proof));
  }
  return {};
}

}  // namespace

Status add_proofs(const Service& service, const evidence::Digest& digest,
                  evidence::SignedManifest* source,
                  std::map<evidence::Digest, std::string>* stamps) {
  const auto index = service.store.ledger_index(digest);
  if (!index && index.error().code() == Code::kNotFound) return {};
  if (!index) return fail(index.error());
  const auto stamp = service.store.time_stamp_over(*index);
  if (!stamp && stamp.error().code() != Code::kNotFound) return fail(stamp.error());
  auto view =
      stamp ? LedgerView::at(service.store, stamp->note) : LedgerView::latest(service.store);
  if (!view) return fail(view.error());
  const auto proof = view->prove(digest);
  if (!proof && proof.error().code() == Code::kNotFound) return {};
  if (!proof) return fail(proof.error());
  source->logged = evidence::to_text(*proof);
  if (stamp) stamps->emplace(evidence::sha256(stamp->note), stamp->token);
  return add_witnessed(service, digest, *index, source);
}

}  // namespace assay::collector::api
