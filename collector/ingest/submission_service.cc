#include "collector/ingest/submission_service.h"

#include "collector/ingest/credentials.h"
#include "collector/ingest/grpc_status.h"
#include "evidence/signature.h"

namespace assay::collector {
namespace {

class SubmissionStream final : public Stream<v1::SubmitRequest, v1::SubmitResponse> {
 public:
  SubmissionStream(const IntakeOptions& options, WorkerPool& pool, OpenStreams& streams,
                   const std::string& certificate)
      : intake_(options, certificate), pool_(pool), streams_(streams) {
    // Only to find the stream by: the Gate decides who it is.
    if (const auto facts = evidence::read_certificate(certificate)) host_id_ = facts->host_id;
  }

  void open() {
    if (host_id_.empty())
      end(grpc::Status(grpc::StatusCode::UNAUTHENTICATED, "a certificate is needed"));
    else if (!streams_.add(host_id_, shared_from_this()))
      end(grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "too many streams of one host"));
    start();
  }

 private:
  void on_message() override {
    post([this] {
      auto answer = intake_.handle(request());
      if (!answer) {
        intake_.close();
        end(to_grpc(answer.error()));
      } else if (*answer) {
        send(std::move(**answer));
      } else {
        read();
      }
    });
  }
  void on_written() override { read(); }
  void on_half_close() override {
    post([this] {
      intake_.close();
      end(grpc::Status::OK);
    });
  }
  void on_done() override { streams_.remove(host_id_, this); }

  template <typename Work>
  void post(Work work) {
    const auto self = shared_from_this();
    if (!pool_.try_post([self, work] { work(); }))
      end(grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, "the collector is busy"));
  }

  Intake intake_;
  WorkerPool& pool_;
  OpenStreams& streams_;
  std::string host_id_;
};

}  // namespace

grpc::ServerBidiReactor<v1::SubmitRequest, v1::SubmitResponse>* SubmissionService::Submit(
    grpc::CallbackServerContext* context) {
  auto stream =
      std::make_shared<SubmissionStream>(options_, pool_, streams_, peer_certificate(*context));
  stream->open();
  return stream.get();
}

}  // namespace assay::collector
