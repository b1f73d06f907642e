#include "collector/witnesses/witness_client.h"

#include "collector/ledger/ledger.h"
#include "evidence/ledger/witness_exchange.h"
#include "evidence/refusal.h"

namespace assay::collector {

namespace {

// As sizes may change between question and answer, and not for ever.
constexpr int kMostQuestions = 3;

constexpr unsigned kOk = 200;
constexpr unsigned kForbidden = 403;
constexpr unsigned kNotFound = 404;
constexpr unsigned kConflict = 409;
constexpr unsigned kUnprocessable = 422;

std::unexpected<Error> rewound(const Witness& witness, std::int64_t seen) {
  return refuse(Code::kConflict,
                {"the ledger was rewound: the witness {} has seen {} entries, more than there are",
                 "帳本已回溯：見證者 {} 曾見過 {} 筆，多於目前的筆數"},
                witness.key.name, seen);
}

std::unexpected<Error> forked(const Witness& witness, std::int64_t seen) {
  return refuse(Code::kConflict,
                {"the ledger was forked: the witness {} has seen {} entries that are others than "
                 "the first of this ledger",
                 "帳本已分岔：見證者 {} 曾見過的 {} 筆，與此帳本開頭的內容不同"},
                witness.key.name, seen);
}

std::unexpected<Error> refused(unsigned status) {
  if (status == kNotFound)
    return refuse(Code::kRefused, {"it does not know this ledger (HTTP status 404)",
                                   "見證者未登錄此帳本（HTTP 狀態碼 404）"});
  if (status == kForbidden)
    return refuse(Code::kRefused, {"it knows this ledger by another key (HTTP status 403)",
                                   "見證者所登錄的帳本公鑰不同（HTTP 狀態碼 403）"});
  return refuse(Code::kRefused, {"it answers with HTTP status {}", "回覆 HTTP 狀態碼 {}"}, status);
}

// What is said to the witness. A tree that does not add up is no reason to ask: it would look as if
// the ledger had been forked.
Result<std::string> question(LedgerStore& store, const StoredCheckpoint& checkpoint,
                             std::int64_t seen) {
  auto view = LedgerView::at(store, checkpoint.note);
  if (!view) return fail(view.error());
  const auto root = view->root(seen);
  if (!root) return fail(root.error());
  const auto proof =
      seen == 0 ? Result<evidence::Proof>(evidence::Proof{}) : view->consistency(seen);
  if (!proof) return fail(proof.error());
  if (seen > 0 && !evidence::verify_consistency({seen, *root}, checkpoint.head, *proof))
    return refuse(Code::kLost, {"the stored tree is not the one of the latest checkpoint",
                                "保存的帳本與最新檢查點不符"});
  return evidence::add_checkpoint_request(seen, *proof, checkpoint.note);
}

Result<StoredCosignature> taken(const HttpAnswer& answer, const CosignatureRequest& request,
                                const StoredCheckpoint& checkpoint) {
  const auto cosignature =
      evidence::cosignature_in(answer.body, checkpoint.note, request.witness.key);
  if (!cosignature) return fail(cosignature.error());
  return StoredCosignature{evidence::to_text(request.witness.key), checkpoint.head.size,
                           cosignature->at, checkpoint.note, evidence::to_text(cosignature->line)};
}

}  // namespace

Result<HttpAnswer> ask_witness(const Witness& witness, const std::string& body,
                               const std::stop_token& stop) {
  auto url = witness.url;
  url.target += url.target.ends_with('/') ? "add-checkpoint" : "/add-checkpoint";
  return http_post(url, {body, "text/plain; charset=utf-8", {}, evidence::kMaxWitnessAnswerBytes},
                   stop);
}

Result<StoredCosignature> request_cosignature(LedgerStore& store, const CosignatureRequest& request,
                                              const AskWitness& ask, const std::stop_token& stop) {
  const auto& witness = request.witness;
  auto checkpoint = request.checkpoint;
  auto seen = request.seen;
  for (int asked = 0; asked < kMostQuestions; ++asked) {
    if (seen > checkpoint.head.size) {
      // It may have been asked by another collector, meanwhile.
      auto latest = store.checkpoint();
      if (!latest) return fail(latest.error());
      if (auto known = check_signed(*latest, request.ledger); !known) return fail(known.error());
      checkpoint = std::move(*latest);
      if (seen > checkpoint.head.size) return rewound(witness, seen);
    }
    const auto body = question(store, checkpoint, seen);
    if (!body) return fail(body.error());
    const auto answer = ask(witness, *body, stop);
    if (!answer) return fail(answer.error());
    if (answer->status == kOk) return taken(*answer, request, checkpoint);
    if (answer->status == kUnprocessable && seen > 0) return forked(witness, seen);
    if (answer->status != kConflict) return refused(answer->status);
    const auto size = answer->type == "text/x.tlog.size"
                          ? evidence::tree_size_in(answer->body)
                          : Result<std::int64_t>(refused(answer->status));
    if (!size) return fail(size.error());
    seen = *size;
  }
  return refuse(Code::kInvalidData, {"it tells another size each time", "每次告知的筆數都不同"});
}

}  // namespace assay::collector
