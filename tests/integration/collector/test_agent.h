// An agent in a few lines: enrolls, signs manifests, speaks each message of the protocol by itself,
// so that tests can say them in the wrong order.
#pragma once

#include <grpcpp/grpcpp.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "assay/v1/attendance.grpc.pb.h"
#include "assay/v1/enrollment.grpc.pb.h"
#include "assay/v1/submission.grpc.pb.h"
#include "evidence/manifest.h"

namespace assay::collector {

// A signed manifest with its tables' canonical bytes.
struct TestSnapshot {
  std::string manifest;  // canonical
  std::string signature;
  std::map<evidence::Digest, std::string> tables;
  [[nodiscard]] evidence::Digest digest() const { return evidence::sha256(manifest); }
};

// One Submit stream.
class Submission {
 public:
  Submission(const std::shared_ptr<grpc::Channel>& channel);
  bool offer(const TestSnapshot& snapshot);
  bool difference(const std::string& base_manifest, const TestSnapshot& snapshot);
  bool part(const evidence::Digest& digest, const std::string& data, bool is_last = true);
  bool table(const std::string& canonical_bytes);
  // nullopt when the stream ended instead.
  std::optional<v1::SubmitResponse> answer();
  // Of the whole stream.
  grpc::Status finish();
  // After finish(): what the collector said of when to come again; nullopt: nothing.
  [[nodiscard]] std::optional<int> retry_after() const;
  void cut() { context_.TryCancel(); }
  bool write(const v1::SubmitRequest& request) { return stream_->Write(request); }
  // What ended the stream; without a half-close of ours.
  grpc::Status ended() { return stream_->Finish(); }
  bool says_last = false;  // of what is offered

 private:
  std::unique_ptr<v1::Submission::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::SubmitRequest, v1::SubmitResponse>> stream_;
};

class TestAgent {
 public:
  TestAgent(int port, std::string ca);

  grpc::Status enroll(const std::string& token);
  grpc::Status renew();  // with a new key
  // With the certificate, once enrolled.
  std::shared_ptr<grpc::Channel> channel();
  void connect_to(int port) { port_ = port; }

  // The next of the chain, with one row in `users` for each name.
  TestSnapshot scan(const std::vector<std::string>& users = {"root"});
  // Sign what another made.
  [[nodiscard]] TestSnapshot sign(evidence::Manifest manifest) const;
  // Offers, sends what is wanted, and returns the last answer.
  std::optional<v1::SubmitResponse> submit(const TestSnapshot& snapshot);

  [[nodiscard]] const std::string& host_id() const { return host_id_; }
  std::int64_t clock_ahead = 0;  // seconds; of whole days and years, when it is wrong
  std::int64_t sequence = 0;
  std::optional<evidence::Digest> previous;

 private:
  int port_;
  std::string ca_;
  std::string key_;
  std::string certificate_;
  std::string host_id_;
};

// A table `users` in canonical form.
[[nodiscard]] std::string users_table(const std::vector<std::string>& users);
[[nodiscard]] evidence::ManifestEntry entry_for(const std::string& name,
                                                const std::string& canonical_bytes);

}  // namespace assay::collector
