// The Submission service of submission.proto: an Intake for each stream, its work done by the pool.
#pragma once

#include "assay/v1/submission.grpc.pb.h"
#include "collector/ingest/intake.h"
#include "collector/ingest/open_streams.h"
#include "collector/ingest/worker_pool.h"

namespace assay::collector {

class SubmissionService final : public v1::Submission::CallbackService {
 public:
  // All must outlive the service and its streams.
  SubmissionService(const IntakeOptions& options, WorkerPool& pool, OpenStreams& streams)
      : options_(options), pool_(pool), streams_(streams) {}

 private:
  grpc::ServerBidiReactor<v1::SubmitRequest, v1::SubmitResponse>* Submit(
      grpc::CallbackServerContext* context) override;

  const IntakeOptions& options_;
  WorkerPool& pool_;
  OpenStreams& streams_;
};

}  // namespace assay::collector
