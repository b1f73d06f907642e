// A two-way stream of the callback API whose handler may work on other threads, and which another
// thread may end at any time (a host is revoked).
//
// Every operation is started under a lock, so that none can be started after Finish(). gRPC may run
// a callback inside the call that starts an operation: hence the lock is recursive and the stream
// holds on to itself until gRPC is done with it.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace assay::collector {

// For a peer whom the collector has no time for now. Agents add a random part of their own.
inline constexpr std::chrono::seconds kBusyRetryAfter{5};

// What the registry of open streams knows of one.
class OpenStream {
 public:
  virtual ~OpenStream() = default;
  // Ends the stream with `status`; later calls do nothing. Unless it is zero, the peer is told how
  // long to stay away (trailing metadata: submission.proto).
  virtual void end(grpc::Status status, std::chrono::seconds retry_after) = 0;
  void end(grpc::Status status) { end(std::move(status), std::chrono::seconds(0)); }
  // For how long the peer has owed a message; zero where it may take as long as it likes.
  [[nodiscard]] virtual std::chrono::milliseconds silence() const {
    return std::chrono::milliseconds(0);
  }
};

template <typename Request, typename Response>
class Stream : public grpc::ServerBidiReactor<Request, Response>,
               public OpenStream,
               public std::enable_shared_from_this<Stream<Request, Response>> {
 public:
  explicit Stream(grpc::CallbackServerContext& context) : context_(context) {}

  // Keeps itself alive until gRPC is done with it.
  void start() {
    self_ = this->shared_from_this();
    read();
  }

  using OpenStream::end;
  void end(grpc::Status status, std::chrono::seconds retry_after) override {
    const auto self = this->shared_from_this();
    const std::lock_guard lock(mutex_);
    if (is_finished_ || ending_) return;
    if (retry_after.count() > 0)
      context_.AddTrailingMetadata("retry-after", std::to_string(retry_after.count()));
    ending_ = std::move(status);
    finish_if_idle();
  }
  void end_for_now(const std::string& why, std::chrono::seconds retry_after) {
    end(grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, why), retry_after);
  }

 protected:
  // A message came; it is in request(). Answer with read(), send() or end(), on any thread.
  virtual void on_message() = 0;
  // The peer is done, or gone. Answer with end().
  virtual void on_half_close() = 0;
  // After everything; the last call.
  virtual void on_done() = 0;

  [[nodiscard]] const Request& request() const { return request_; }

  void read() {
    const auto self = this->shared_from_this();
    const std::lock_guard lock(mutex_);
    if (!is_finished_ && !ending_) this->StartRead(&request_);
  }
  // One at a time: after it is written, on_written() is called.
  void send(Response response) {
    const auto self = this->shared_from_this();
    const std::lock_guard lock(mutex_);
    if (is_finished_ || ending_) return;
    response_ = std::move(response);
    is_writing_ = true;
    this->StartWrite(&response_);
  }
  virtual void on_written() = 0;
  // With the end of the stream, in one journey; on_written() is not called.
  void send_last(Response response) {
    const auto self = this->shared_from_this();
    const std::lock_guard lock(mutex_);
    if (is_finished_ || ending_) return;
    response_ = std::move(response);
    is_finished_ = true;
    this->StartWriteAndFinish(&response_, {}, grpc::Status::OK);
  }
  [[nodiscard]] bool is_writing() {
    const std::lock_guard lock(mutex_);
    return is_writing_;
  }

 private:
  void OnReadDone(bool is_ok) final {
    if (is_ok)
      on_message();
    else
      on_half_close();
  }
  void OnWriteDone(bool is_ok) final {
    const auto self = this->shared_from_this();
    {
      const std::lock_guard lock(mutex_);
      is_writing_ = false;
      if (ending_) {
        finish_if_idle();
        return;
      }
    }
    if (is_ok)
      on_written();
    else
      end(grpc::Status(grpc::StatusCode::CANCELLED, "the peer is gone"));
  }
  void OnCancel() final { end(grpc::Status(grpc::StatusCode::CANCELLED, "cancelled")); }
  void OnDone() final {
    on_done();
    const auto self = std::move(self_);  // may be the last
  }
  void finish_if_idle() {
    if (is_writing_ || is_finished_) return;
    is_finished_ = true;
    this->Finish(*ending_);
  }

  grpc::CallbackServerContext& context_;  // gRPC keeps it until on_done()
  std::recursive_mutex mutex_;
  Request request_;
  Response response_;
  bool is_writing_ = false;
  bool is_finished_ = false;
  std::optional<grpc::Status> ending_;
  std::shared_ptr<Stream> self_;
};

}  // namespace assay::collector
