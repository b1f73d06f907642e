// One stream of Submission.Submit: offers what waits, oldest first, sends what is
// wanted, records each verdict before it goes on.
//
// run() blocks in one thread; cancel() may be called from any other.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>

#include "agent/spool/ledger_memory.h"
#include "agent/spool/outbox.h"
#include "assay/v1/submission.grpc.pb.h"
#include "evidence/manifest.h"

namespace assay::agent {

struct SubmissionReport {
  std::int64_t accepted = 0;
  std::int64_t refused = 0;
  std::int64_t tables_sent = 0;
  std::int64_t differences = 0;  // manifests that travelled as a Difference and were understood
  // Application data: the messages as gRPC frames them (5 bytes and the message), before TLS.
  std::int64_t bytes_sent = 0;
  std::string last_refusal;  // reason and detail, for a person
};

class Submission {
 public:
  Submission(std::shared_ptr<grpc::Channel> channel, const StateFolder& state)
      : stub_(v1::Submission::NewStub(std::move(channel))), outbox_(state) {}

  // Until nothing waits. After an error what was not answered waits still, and `report()` counts
  // what was done before.
  [[nodiscard]] Status run();
  void cancel();

  [[nodiscard]] const SubmissionReport& report() const { return report_; }
  // After an error of run(): how long the collector asked us to stay away.
  [[nodiscard]] std::chrono::seconds retry_after() const { return retry_after_; }
  // What was accepted, and is to be proven to be logged.
  [[nodiscard]] const std::vector<Unproven>& receipts() const { return receipts_; }

 private:
  using Stream = grpc::ClientReaderWriter<v1::SubmitRequest, v1::SubmitResponse>;
  using Offered = std::map<evidence::Digest, std::string>;  // the manifest's tables by digest

  [[nodiscard]] Status send_waiting(Stream& stream, const std::vector<SnapshotName>& names);
  // `is_last`: no other follows on this stream.
  [[nodiscard]] Status send_one(Stream& stream, const SnapshotName& name, bool is_last);
  // As a difference where the collector can be expected to have a base, else in full.
  [[nodiscard]] Result<v1::SubmitRequest> offer_of(const WaitingSnapshot& snapshot,
                                                   const std::string& host_id, bool is_last);
  // Offers, and offers in full if that is wanted. The answer to the last of the two.
  [[nodiscard]] Result<v1::SubmitResponse> offer(Stream& stream, const WaitingSnapshot& snapshot,
                                                 const std::string& host_id, bool is_last);
  [[nodiscard]] Status send_wanted(Stream& stream, const v1::Wants& wants, const Offered& offered,
                                   const SnapshotName& name);
  [[nodiscard]] Status send_table(Stream& stream, const evidence::Digest& digest,
                                  const std::string& frame);
  [[nodiscard]] Status write(Stream& stream, const v1::SubmitRequest& request);
  [[nodiscard]] Status record_receipt(const SnapshotName& name, const v1::Receipt& receipt);
  [[nodiscard]] Status record_refusal(const SnapshotName& name, std::string_view reason,
                                      std::string_view detail);

  std::unique_ptr<v1::Submission::Stub> stub_;
  Outbox outbox_;
  SubmissionReport report_;
  std::chrono::seconds retry_after_{0};
  std::vector<Unproven> receipts_;
  // What the next manifest of this host is compared with; no manifest: it goes in full.
  struct Base {
    std::string host_id;
    std::string manifest;
  };
  Base base_;
  bool awaits_answer_to_difference_ = false;
  bool takes_differences_ = true;
  std::mutex mutex_;  // guards the two below
  grpc::ClientContext* context_ = nullptr;
  bool is_cancelled_ = false;
};

}  // namespace assay::agent
