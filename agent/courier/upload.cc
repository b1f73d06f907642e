#include "agent/courier/upload.h"

namespace assay::agent {

Upload::Upload(std::shared_ptr<grpc::Channel> channel, const StateFolder& state, EventQueue* events)
    : submission_(std::move(channel), state), events_(events), thread_([this] {
        const auto done = submission_.run();
        events_->push(UploadEnded{submission_.report(),
                                  done ? std::nullopt : std::optional(done.error()),
                                  submission_.retry_after()});
      }) {}

Upload::~Upload() {
  submission_.cancel();
  thread_.join();
}

}  // namespace assay::agent
