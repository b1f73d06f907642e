// One made-up agent over real gRPC with TLS and its own certificate: a connection, on which it
// attends and submits, as the courier does.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "assay/v1/attendance.grpc.pb.h"
#include "assay/v1/submission.grpc.pb.h"
#include "tests/bench/fleet/company.h"
#include "tests/bench/fleet/machine.h"

namespace assay::bench {

using Done = std::function<void(const grpc::Status&)>;
// A stream of an agent that was attending has ended, and what it was told about coming again.
using Ended = std::function<void(std::chrono::seconds retry_after)>;

class Attendance;

// Used by one thread; what it was given is called on gRPC's threads.
class PlayedAgent {
 public:
  PlayedAgent();
  ~PlayedAgent();  // hang_up()
  PlayedAgent(const PlayedAgent&) = delete;
  PlayedAgent& operator=(const PlayedAgent&) = delete;

  // Over a new connection.
  void connect(const std::string& address, const std::string& ca, const Member& member);
  // `attended` is called once: when the first beat is answered, or the stream has ended before.
  // `ended` is called when it ends after that.
  void attend(Done attended, Ended ended = {});
  // On a stream of its own. Not OK when there was no receipt. `prepared` must outlive the call.
  void submit(const Prepared& prepared, Done done);
  [[nodiscard]] bool is_connected() const { return channel_ != nullptr; }
  // Blocks until gRPC is done with its attendance.
  void hang_up();

 private:
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::Submission::Stub> submission_;
  std::unique_ptr<v1::Attendance::Stub> attendance_stub_;
  std::unique_ptr<Attendance> attendance_;
};

}  // namespace assay::bench
