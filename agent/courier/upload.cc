#include "agent/courier/upload.h"

namespace assay::agent {

Upload::Upload(std::shared_ptr<grpc::Channel> channel, const StateFolder& state,
               const evidence::Digest& ca, EventQueue* events)
    : submission_(channel, state),
      ledger_(std::move(channel), state, ca),
      events_(events),
      thread_([this] {
        auto done = submission_.run();
        // Also after an upload that broke off: what was accepted was accepted.
        auto looked = ledger_.run(submission_.receipts());
        if (done) done = std::move(looked);
        events_->push(UploadEnded{submission_.report(), ledger_.report(),
                                  done ? std::nullopt : std::optional(done.error()),
                                  submission_.retry_after()});
      }) {}

Upload::~Upload() {
  submission_.cancel();
  ledger_.cancel();
  thread_.join();
}

}  // namespace assay::agent
