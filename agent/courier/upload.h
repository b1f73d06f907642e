// A Submission, and a look at the ledger behind it, in a thread of its own, so that the main loop stays free to hear
// that it shall end. Ends in an UploadEnded event; destroying it cancels and waits.
#pragma once

#include <thread>

#include "agent/courier/event_queue.h"
#include "agent/courier/ledger_watch.h"
#include "agent/courier/submission.h"

namespace assay::agent {

class Upload {
 public:
  // `ca` is the fingerprint of the CA that the collector is known by.
  Upload(std::shared_ptr<grpc::Channel> channel, const StateFolder& state, const evidence::Digest& ca,
         EventQueue* events);
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;
  ~Upload();

 private:
  Submission submission_;
  LedgerWatch ledger_;
  EventQueue* events_;
  std::thread thread_;
};

}  // namespace assay::agent
