// A Submission in a thread of its own, so that the main loop stays free to hear
// that it shall end. Ends in an UploadEnded event; destroying it cancels and waits.
#pragma once

#include <thread>

#include "agent/courier/event_queue.h"
#include "agent/courier/submission.h"

namespace assay::agent {

class Upload {
 public:
  Upload(std::shared_ptr<grpc::Channel> channel, const StateFolder& state, EventQueue* events);
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;
  ~Upload();

 private:
  Submission submission_;
  EventQueue* events_;
  std::thread thread_;
};

}  // namespace assay::agent
