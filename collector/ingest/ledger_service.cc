#include "collector/ingest/ledger_service.h"

#include "assay/v1/limits.pb.h"
#include "collector/ingest/credentials.h"
#include "collector/ingest/grpc_status.h"
#include "collector/ledger/ledger.h"
#include "evidence/ledger/checkpoint.h"

namespace assay::collector {
namespace {

// The ledger itself cannot be read: no fault of the caller, and nothing that it could conclude
// from.
std::unexpected<Error> unreadable(const Error& error) {
  return fail(Code::kIo, "ledger: " + error.message());
}

// A checkpoint that an agent holds.
struct Held {
  std::int64_t size = 0;
  std::string complaint;  // for an administrator; empty when it is of this log
};

Result<Held> look_at(std::string_view held, const evidence::VerifierKey& key, LedgerView& view) {
  const auto opened = evidence::open_checkpoint(held, key, key.name);
  if (!opened)
    return Held{0, "the agent holds a checkpoint that this collector did not sign: " +
                       opened.error().message()};
  const auto& head = opened->checkpoint.head;
  const auto size = view.head().size;
  if (head.size > size)
    return Held{head.size, "the ledger was rewound: the agent holds a checkpoint of " +
                               std::to_string(head.size) + " entries, the ledger has " +
                               std::to_string(size)};
  const auto root = view.root(head.size);
  if (!root) return unreadable(root.error());
  if (*root != head.root)
    return Held{head.size, "the ledger was forked: the agent holds a checkpoint of " +
                               std::to_string(head.size) + " entries with another root"};
  return Held{head.size, {}};
}

void add(const evidence::Digest& digest, const evidence::TlogProof& proof,
         v1::ProveResponse& response) {
  auto* inclusion = response.add_inclusions();
  inclusion->set_manifest_digest(digest.raw());
  inclusion->set_entry(proof.extra);
  inclusion->set_index(proof.index);
  for (const auto& hash : proof.hashes) inclusion->add_hashes(hash.raw());
}

}  // namespace

grpc::ServerUnaryReactor* LedgerService::Prove(grpc::CallbackServerContext* context,
                                               const v1::ProveRequest* request,
                                               v1::ProveResponse* response) {
  auto* reactor = context->DefaultReactor();
  if (!key_) {
    reactor->Finish({grpc::StatusCode::UNIMPLEMENTED, "this collector keeps no ledger"});
    return reactor;
  }
  const auto peer = peer_certificate(*context);
  const bool is_posted = pool_.try_post([this, reactor, request, response, peer] {
    const auto done = prove(peer, *request, *response);
    if (!done && done.error().code() == Code::kNotFound)
      reactor->Finish({grpc::StatusCode::NOT_FOUND, done.error().message()});
    else
      reactor->Finish(done ? grpc::Status::OK : to_grpc(done.error()));
  });
  if (!is_posted) reactor->Finish({grpc::StatusCode::RESOURCE_EXHAUSTED, "the collector is busy"});
  return reactor;
}

Status LedgerService::prove(const std::string& certificate, const v1::ProveRequest& request,
                            v1::ProveResponse& response) {
  const auto caller = gate_.admit(certificate, now_());
  if (!caller) return fail(caller.error());
  if (request.manifest_digests_size() > v1::LIMIT_PROOFS ||
      request.held_checkpoint().size() > v1::LIMIT_NOTE_BYTES)
    return fail(Code::kInvalidData, "the request is over a limit");
  auto view = LedgerView::latest(store_);
  if (!view) return fail(view.error());
  response.set_verifier_key(evidence::to_text(*key_));
  response.set_checkpoint(view->note());
  if (!request.held_checkpoint().empty()) {
    const auto held = look_at(request.held_checkpoint(), *key_, *view);
    if (!held) return fail(held.error());
    if (!held->complaint.empty()) {
      auto event = ledger_event(held->complaint, now_());
      event.host_id = caller->host_id;
      if (auto recorded = store_.add_event(event); !recorded) return recorded;
    } else {
      const auto proof = view->consistency(held->size);
      if (!proof) return unreadable(proof.error());
      for (const auto& hash : *proof) response.add_consistency(hash.raw());
    }
  }
  for (const auto& raw : request.manifest_digests()) {
    const auto digest = evidence::Digest::from_raw(raw);
    if (!digest) return fail(Code::kInvalidData, "a digest has 32 bytes");
    const auto index = store_.ledger_index(*digest);
    if (!index && index.error().code() == Code::kNotFound) continue;
    if (!index) return fail(index.error());
    if (*index >= view->head().size) continue;  // logged a moment ago
    const auto proof = view->prove(*digest);
    if (!proof) return unreadable(proof.error());
    const auto entry = evidence::ledger_entry_from(proof->extra);
    // Of other hosts nothing can be learned, not even that they are there.
    if (entry && entry->host_id == caller->host_id) add(*digest, *proof, response);
  }
  return {};
}

}  // namespace assay::collector
