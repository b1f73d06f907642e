// Watches the collector's ledger on behalf of this machine: that what has a receipt is logged, and
// that the log only grows. What is wrong becomes an alarm in courier/ledger.json, which the next
// scan shows in agent_gaps.
//
// run() blocks in one thread; cancel() may be called from any other.
#pragma once

#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <span>

#include "agent/identity/identity.h"
#include "agent/spool/ledger_memory.h"
#include "agent/state/state_folder.h"
#include "assay/v1/ledger.grpc.pb.h"

namespace assay::agent {

// What became of a look at the ledger, for the courier's status.
struct LedgerReport {
  bool was_checked = false;
  std::int64_t size = 0;      // entries at the checkpoint that is held
  std::int64_t unproven = 0;  // receipts without a proof
  std::string alarm;          // the last one, of this look or before; empty: none ever
};

class LedgerWatch {
 public:
  LedgerWatch(std::shared_ptr<grpc::Channel> channel, const StateFolder& state,
              const evidence::Digest& ca)
      : stub_(v1::Ledger::NewStub(std::move(channel))), state_(state), ca_(ca) {}

  // Remembers the receipts, and asks a few times within some seconds until all are proven. A collector
  // without a ledger, or one that is away, is no alarm: what is not proven is asked for the next time.
  [[nodiscard]] Status run(std::span<const Unproven> receipts);
  void cancel();

  [[nodiscard]] const LedgerReport& report() const { return report_; }

 private:
  // True: asking again may prove more.
  [[nodiscard]] Result<bool> ask(LedgerMemory* memory);
  [[nodiscard]] bool pause();
  void summarize(const LedgerMemory& memory);

  std::unique_ptr<v1::Ledger::Stub> stub_;
  StateFolder state_;
  evidence::Digest ca_;
  LedgerReport report_;
  std::mutex mutex_;  // guards the rest
  std::condition_variable wake_;
  grpc::ClientContext* context_ = nullptr;
  bool is_cancelled_ = false;
};

}  // namespace assay::agent
