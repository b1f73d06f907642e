#include "collector/ingest/submission_service.h"

#include <atomic>

#include "collector/ingest/credentials.h"
#include "collector/ingest/grpc_status.h"

namespace assay::collector {
namespace {

class SubmissionStream final : public Stream<v1::SubmitRequest, v1::SubmitResponse> {
 public:
  SubmissionStream(grpc::CallbackServerContext& context, const IntakeOptions& options,
                   WorkerPool& pool, OpenStreams& streams, const std::string& certificate)
      : Stream(context),
        intake_(options, certificate),
        counts_(*options.counts),
        pool_(pool),
        streams_(streams),
        host_id_(options.gate->host_named_by(certificate, options.now())) {}

  [[nodiscard]] std::chrono::milliseconds silence() const override {
    const auto since = waiting_since_.load();
    return since == kNotWaiting
               ? std::chrono::milliseconds(0)
               : std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - since);
  }

  void open() {
    if (host_id_.empty())
      end(grpc::Status(grpc::StatusCode::UNAUTHENTICATED, "a certificate is needed"));
    else if (!streams_.add(host_id_, shared_from_this()))
      end_for_now("too many streams of one host", kBusyRetryAfter);
    start();
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr Clock::time_point kNotWaiting = Clock::time_point::max();

  void await() {
    waiting_since_ = Clock::now();
    read();
  }
  void on_message() override {
    waiting_since_ = kNotWaiting;
    if (request().has_offer()) is_last_ = request().offer().is_last();
    if (request().has_difference()) is_last_ = request().difference().is_last();
    post([this] {
      // The reply may come on another thread, and be the last that knows of this stream.
      intake_.handle(request(), [this, self = shared_from_this()](Intake::Answer answer) {
        take(std::move(answer));
      });
    });
  }
  void take(Intake::Answer answer) {
    if (!answer) {
      intake_.close();
      if (intake_.retry_after() > std::chrono::seconds(0))
        end_for_now(answer.error().message(), intake_.retry_after());
      else
        end(to_grpc(answer.error()));
    } else if (*answer && is_last_ && ((*answer)->has_receipt() || (*answer)->has_refusal())) {
      send_last(std::move(**answer));
    } else if (*answer) {
      send(std::move(**answer));
    } else {
      await();
    }
  }
  void on_written() override { await(); }
  void on_half_close() override {
    if (intake_.is_empty()) {
      end(grpc::Status::OK);
      return;
    }
    post([this] {
      intake_.close();
      end(grpc::Status::OK);
    });
  }
  void on_done() override { streams_.remove(host_id_, this); }

  template <typename Work>
  void post(Work work) {
    const auto self = shared_from_this();
    if (pool_.try_post([self, work] { work(); })) return;
    ++counts_.turned_away;
    end_for_now("the collector is busy", kBusyRetryAfter);
  }

  Intake intake_;
  IntakeCounts& counts_;
  WorkerPool& pool_;
  OpenStreams& streams_;
  const std::string host_id_;
  bool is_last_ = false;  // no snapshot follows the one that is offered
  std::atomic<Clock::time_point> waiting_since_{Clock::now()};
};

}  // namespace

grpc::ServerBidiReactor<v1::SubmitRequest, v1::SubmitResponse>* SubmissionService::Submit(
    grpc::CallbackServerContext* context) {
  auto stream = std::make_shared<SubmissionStream>(*context, options_, pool_, streams_,
                                                   peer_certificate(*context));
  stream->open();
  return stream.get();
}

}  // namespace assay::collector
