#include "tests/bench/fleet/played_agent.h"

#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

#include "agent/courier/channel.h"
#include "assay/v1/limits.pb.h"

namespace assay::bench {

// Attends until it is cancelled; `attended` is called once: when the first beat is answered, or
// the stream has ended before. `ended` is called when it ends after that.
class Attendance final : public grpc::ClientBidiReactor<v1::Beat, v1::Instruction> {
 public:
  Attendance(v1::Attendance::Stub& stub, Done attended, Ended ended)
      : attended_(std::move(attended)), on_end_(std::move(ended)) {
    beat_.set_agent_version("0.1.0");
    stub.async()->Attend(&context_, this);
    StartWrite(&beat_);
    StartRead(&instruction_);
    StartCall();
  }
  // Blocks until gRPC is done with it.
  void end() {
    context_.TryCancel();
    std::unique_lock lock(mutex_);
    ended_.wait(lock, [this] { return is_done_; });
  }

 private:
  void OnReadDone(bool is_ok) override {
    if (!is_ok) return;
    if (attended_) std::exchange(attended_, nullptr)(grpc::Status::OK);
    StartRead(&instruction_);
  }
  void OnDone(const grpc::Status& status) override {
    if (attended_)
      std::exchange(attended_, nullptr)(status);
    else if (on_end_)
      on_end_(agent::retry_after_of(context_));
    const std::lock_guard lock(mutex_);
    is_done_ = true;
    ended_.notify_all();
  }

  grpc::ClientContext context_;
  v1::Beat beat_;
  v1::Instruction instruction_;
  Done attended_;
  Ended on_end_;
  std::mutex mutex_;
  std::condition_variable ended_;
  bool is_done_ = false;
};

namespace {

// One snapshot on a stream of its own; deletes itself.
class Submission final : public grpc::ClientBidiReactor<v1::SubmitRequest, v1::SubmitResponse> {
 public:
  Submission(v1::Submission::Stub& stub, const Prepared& prepared, Done done)
      : prepared_(prepared), done_(std::move(done)) {
    offer();
    stub.async()->Submit(&context_, this);
    AddHold();
    StartWrite(&request_);
    StartRead(&response_);
    StartCall();
  }

 private:
  void offer() {
    if (prepared_.difference.empty() || is_full_) {
      request_.mutable_offer()->set_manifest(prepared_.full);
      request_.mutable_offer()->set_signature(prepared_.signature);
      request_.mutable_offer()->set_is_last(true);
      return;
    }
    request_.mutable_difference()->set_base(prepared_.base);
    request_.mutable_difference()->set_manifest(prepared_.difference);
    request_.mutable_difference()->set_signature(prepared_.signature);
    request_.mutable_difference()->set_is_last(true);
  }
  void OnReadDone(bool is_ok) override {
    if (!is_ok) return finish();
    if (response_.has_receipt()) {
      is_accepted_ = response_.receipt().manifest_digest() == prepared_.digest;
      finish();
      return;
    }
    {
      const std::lock_guard lock(mutex_);
      if (response_.has_wants_full() && !is_full_) {
        is_full_ = is_full_due_ = true;
      } else if (response_.has_wants()) {
        wanted_.assign(response_.wants().digests().begin(), response_.wants().digests().end());
      } else {
        context_.TryCancel();
      }
    }
    write_next();
    StartRead(&response_);
  }
  // What is due, once the write before is done: the answer to that may be here first.
  void write_next() {
    const std::lock_guard lock(mutex_);
    if (is_writing_) return;
    if (std::exchange(is_full_due_, false)) {
      offer();
    } else if (!wanted_.empty()) {
      auto* part = request_.mutable_part();
      part->set_digest(wanted_.front());
      part->set_data(prepared_.tables.at(wanted_.front())->frame);  // within LIMIT_CHUNK_BYTES
      part->set_is_last(true);
      wanted_.erase(wanted_.begin());
    } else {
      return;
    }
    is_writing_ = true;
    StartWrite(&request_);
  }
  void OnWriteDone(bool is_ok) override {
    {
      const std::lock_guard lock(mutex_);
      is_writing_ = false;
    }
    if (is_ok) write_next();
  }
  // As a courier does, who cannot know whether the collector has ended the stream already.
  void finish() {
    if (std::exchange(is_finishing_, true)) return;
    StartWritesDone();
    RemoveHold();
  }
  void OnDone(const grpc::Status& status) override {
    auto done = std::move(done_);
    const bool is_lost = status.ok() && !is_accepted_;
    const auto outcome = is_lost ? grpc::Status(grpc::StatusCode::INTERNAL, "no receipt") : status;
    delete this;
    done(outcome);
  }

  grpc::ClientContext context_;
  const Prepared& prepared_;
  Done done_;
  v1::SubmitRequest request_;
  v1::SubmitResponse response_;
  std::vector<std::string> wanted_;
  std::mutex mutex_;  // guards request_ after the start, wanted_ and the three below
  bool is_writing_ = true;
  bool is_full_due_ = false;
  bool is_full_ = false;
  bool is_accepted_ = false;
  bool is_finishing_ = false;
};

}  // namespace

PlayedAgent::PlayedAgent() = default;

PlayedAgent::~PlayedAgent() {
  hang_up();
}

void PlayedAgent::connect(const std::string& address, const std::string& ca, const Member& member) {
  hang_up();
  grpc::SslCredentialsOptions options{ca, member.key, member.certificate};
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  channel_ = grpc::CreateCustomChannel(address, grpc::SslCredentials(options), arguments);
  submission_ = v1::Submission::NewStub(channel_);
  attendance_stub_ = v1::Attendance::NewStub(channel_);
}

void PlayedAgent::attend(Done attended, Ended ended) {
  attendance_ =
      std::make_unique<Attendance>(*attendance_stub_, std::move(attended), std::move(ended));
}

void PlayedAgent::submit(const Prepared& prepared, Done done) {
  new Submission(*submission_, prepared, std::move(done));
}

void PlayedAgent::hang_up() {
  if (attendance_) attendance_->end();
  attendance_.reset();
  submission_.reset();
  attendance_stub_.reset();
  channel_.reset();
}

}  // namespace assay::bench
