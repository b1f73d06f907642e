// One Submission stream without its network: offers and parts go in, answers come out.
// submission.proto says what must be verified and in which order things may come.
//
// Used by one thread at a time; waits for the store.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "assay/v1/submission.pb.h"
#include "collector/identity/gate.h"
#include "collector/ingest/memory_budget.h"
#include "collector/store/store.h"
#include "evidence/manifest.h"
#include "evidence/result.h"

namespace assay::collector {

// What all streams share. Everything pointed to must outlive them.
struct IntakeOptions {
  Store* store = nullptr;
  Gate* gate = nullptr;
  MemoryBudget* memory = nullptr;
  std::function<evidence::Seconds()> now;
  // A snapshot that was not there before is durable.
  std::function<void(const std::string& host_id)> on_accepted;
};

class Intake {
 public:
  // `certificate` is the peer's, PEM; empty when it showed none.
  Intake(const IntakeOptions& options, std::string certificate)
      : options_(options), certificate_(std::move(certificate)) {}

  // The answer to one message, if it has one. An Error ends the stream (grpc_status.h).
  [[nodiscard]] Result<std::optional<v1::SubmitResponse>> handle(const v1::SubmitRequest& request);

  // The stream is over. Tables that arrived whole are kept, so that they need not come again.
  void close();

 private:
  using Answer = Result<std::optional<v1::SubmitResponse>>;
  enum class Phase {
    kIdle,       // an offer comes next
    kReceiving,  // parts of wanted_[0] come next
    kRefused,    // parts that were under way when it was refused are passed over
  };

  Status admit();
  Answer offer(const v1::Offer& offer);
  Answer difference(const v1::Difference& difference);
  // The full canonical bytes; nullopt when they cannot be restored.
  Result<std::optional<std::string>> restore(const v1::Difference& difference);
  // What both kinds of offer come to. `frame` holds `bytes`; empty: it is made when it is needed.
  Answer consider(const std::string& bytes, std::string frame, const std::string& signature);
  Answer part(const v1::TablePart& part);
  Answer finish_table();
  Answer commit();
  Answer refuse(v1::Refusal::Reason reason, const std::string& detail);
  // The serial of the certificate of this host whose key made the signature.
  Result<std::string> signer(const std::string& manifest, const std::string& signature);
  Result<StoredTable> verify(const evidence::ManifestEntry& entry);
  const evidence::ManifestEntry* entry_of(const evidence::Digest& digest) const;
  Status keep_verified();

  const IntakeOptions& options_;
  const std::string certificate_;
  Caller caller_;
  Phase phase_ = Phase::kIdle;
  NewSnapshot snapshot_;
  std::vector<evidence::Digest> wanted_;  // still to come, in order
  std::string frame_;                     // of wanted_[0], as far as it came
  MemoryBudget::Share frame_share_;
  std::vector<StoredTable> verified_;  // not yet stored
  std::size_t verified_bytes_ = 0;
};

}  // namespace assay::collector
