// The Ledger service of ledger.proto: proofs for agents, and a look at what they hold.
#pragma once

#include <functional>
#include <string>

#include "assay/v1/ledger.grpc.pb.h"
#include "collector/identity/gate.h"
#include "collector/ingest/worker_pool.h"
#include "evidence/ledger/note.h"

namespace assay::collector {

class LedgerService final : public v1::Ledger::CallbackService {
 public:
  // All must outlive the service and its calls. Without a key it knows no ledger.
  LedgerService(Store& store, Gate& gate, WorkerPool& pool, std::function<evidence::Seconds()> now,
                std::optional<evidence::VerifierKey> key)
      : store_(store), gate_(gate), pool_(pool), now_(std::move(now)), key_(std::move(key)) {}

 private:
  grpc::ServerUnaryReactor* Prove(grpc::CallbackServerContext* context,
                                  const v1::ProveRequest* request,
                                  v1::ProveResponse* response) override;
  Status prove(const std::string& certificate, const v1::ProveRequest& request,
               v1::ProveResponse& response);

  Store& store_;
  Gate& gate_;
  WorkerPool& pool_;
  std::function<evidence::Seconds()> now_;
  std::optional<evidence::VerifierKey> key_;
};

}  // namespace assay::collector
