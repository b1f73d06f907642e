#include "tests/bench/fleet/echo.h"

#include <fmt/core.h>
#include <grpcpp/grpcpp.h>
#include <signal.h>

#include "assay/v1/attendance.grpc.pb.h"
#include "assay/v1/submission.grpc.pb.h"
#include "collector/identity/authority.h"
#include "collector/ingest/credentials.h"
#include "collector/ingest/ingest_server.h"
#include "evidence/compress.h"
#include "evidence/digest.h"
#include "evidence/limits.h"
#include "tests/bench/fleet/stores.h"

namespace assay::bench {
namespace {

using namespace collector;  // NOLINT: a program

// Answers each message of a stream, and goes with its call. Nothing comes before the service has
// handed it to gRPC.
template <typename Request, typename Response>
class Answering : public grpc::ServerBidiReactor<Request, Response> {
 public:
  Answering() { this->StartRead(&request_); }

 protected:
  Request request_;
  Response response_;

 private:
  virtual void answer() = 0;  // by writing the response, and perhaps the end
  void OnReadDone(bool is_ok) override {
    if (is_ok)
      answer();
    else
      this->Finish(grpc::Status::OK);
  }
  void OnWriteDone(bool is_ok) override {
    if (is_ok)
      this->StartRead(&request_);
    else
      this->Finish(grpc::Status::CANCELLED);
  }
  void OnDone() override { delete this; }
};

// An echo's client sends the digest of what it sends as the signature, so that the receipt can
// name it without a look at the manifest; and a wanted table's in front of it. Each stream carries
// one snapshot, and ends with its receipt.
class EchoStream final : public Answering<v1::SubmitRequest, v1::SubmitResponse> {
  void answer() override {
    response_.Clear();
    if (!request_.has_part()) {
      const auto& signature =
          request_.has_offer() ? request_.offer().signature() : request_.difference().signature();
      digest_ = signature.substr(0, evidence::kDigestBytes);
      if (signature.size() > evidence::kDigestBytes) {
        response_.mutable_wants()->add_digests(signature.substr(evidence::kDigestBytes));
        StartWrite(&response_);
        return;
      }
    }
    response_.mutable_receipt()->set_manifest_digest(digest_);
    StartWriteAndFinish(&response_, {}, grpc::Status::OK);
  }

  std::string digest_;
};

class Echo final : public v1::Submission::CallbackService {
  grpc::ServerBidiReactor<v1::SubmitRequest, v1::SubmitResponse>* Submit(
      grpc::CallbackServerContext* /*context*/) override {
    return new EchoStream;
  }
};

class EchoPresence final : public Answering<v1::Beat, v1::Instruction> {
  void answer() override {
    response_.mutable_configuration()->set_scan_interval_seconds(3600);
    StartWrite(&response_);
  }
};

class EchoAttendance final : public v1::Attendance::CallbackService {
  grpc::ServerBidiReactor<v1::Beat, v1::Instruction>* Attend(
      grpc::CallbackServerContext* /*context*/) override {
    return new EchoPresence;
  }
};

sigset_t blocked() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

void announce_and_wait(int port, const sigset_t& signals) {
  fmt::print("ready: agents 127.0.0.1:{}\n", port);
  std::fflush(stdout);
  int number = 0;
  sigwait(&signals, &number);
}

evidence::Seconds now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace

int serve_echo(const std::string& state) {
  const auto signals = blocked();
  const auto authority = Authority::open(state + "/identity").value();
  Echo echo;
  EchoAttendance attendance;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort(
      "127.0.0.1:0",
      tls_credentials(authority.server(now()).value(), authority.ca_certificate()).value(), &port);
  builder.RegisterService(&echo);
  builder.RegisterService(&attendance);
  // As small as the collector makes what a connection holds.
  builder.AddChannelArgument(GRPC_ARG_TSI_MAX_FRAME_SIZE, kAnswerFrameBytes);
  builder.AddChannelArgument(GRPC_ARG_ENABLE_CHANNELZ, 0);
  const auto server = builder.BuildAndStart();
  announce_and_wait(port, signals);
  server->Shutdown(std::chrono::system_clock::now());
  return 0;
}

int serve_ingest(const std::string& state, int port, const std::string& conninfo) {
  const auto signals = blocked();
  const auto authority = Authority::open(state + "/identity").value();
  const auto store = open_store(state, conninfo);
  IngestOptions options;
  options.listen = "127.0.0.1:" + std::to_string(port);
  const auto server = IngestServer::start(*store, authority, options).value();
  announce_and_wait(server->port(), signals);
  for (const auto& [operation, counts] : store->meter().counts()) {
    fmt::print(stderr, "  {:<18} {:>8} calls {:>9.1f} us each\n", operation, counts.calls,
               std::chrono::duration<double, std::micro>(counts.time).count() /
                   static_cast<double>(counts.calls));
  }
  server->stop(std::chrono::milliseconds(0));
  return 0;
}

}  // namespace assay::bench
