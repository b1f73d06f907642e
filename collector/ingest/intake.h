// One Submission stream without its network: offers and parts go in, answers come out.
// submission.proto says what must be verified and in which order things may come.
//
// Used by one thread at a time, and by none between handle() and its answer; waits for the store,
// but for the commit, which the Committer does.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "assay/v1/submission.pb.h"
#include "collector/identity/gate.h"
#include "collector/ingest/committer.h"
#include "collector/ingest/memory_budget.h"
#include "collector/ingest/quota.h"
#include "collector/ingest/upload_turns.h"
#include "collector/store/kept_form.h"
#include "collector/store/store.h"
#include "evidence/manifest.h"
#include "evidence/result.h"

namespace assay::collector {

// What became of snapshots since the start; written by every stream.
struct IntakeCounts {
  std::atomic<std::int64_t> accepted{0};
  std::atomic<std::int64_t> replayed{0};
  std::atomic<std::int64_t> refused{0};
  std::atomic<std::int64_t> over_quota{0};
  std::atomic<std::int64_t> turned_away{0};
};

// What all streams share. Everything pointed to must outlive them.
struct IntakeOptions {
  Store* store = nullptr;
  Gate* gate = nullptr;
  MemoryBudget* memory = nullptr;
  Committer* committer = nullptr;
  Quotas* quotas = nullptr;
  UploadTurns* turns = nullptr;
  IntakeCounts* counts = nullptr;
  std::function<evidence::Seconds()> now;
  // A snapshot that was not there before is durable.
  std::function<void(const std::string& host_id)> on_accepted;
};

class Intake {
 public:
  // `certificate` is the peer's, PEM; empty when it showed none.
  Intake(const IntakeOptions& options, std::string certificate)
      : options_(options), certificate_(std::move(certificate)) {}

  // The answer to a message, if it has one. An Error ends the stream (grpc_status.h).
  using Answer = Result<std::optional<v1::SubmitResponse>>;
  using Reply = std::function<void(Answer)>;

  // `reply` is called once: before handle() returns, or on the Committer's thread when the
  // snapshot is durable. The Intake must live until then.
  void handle(const v1::SubmitRequest& request, Reply reply);

  // After an Error: how long the agent shall stay away; zero when it may choose.
  [[nodiscard]] std::chrono::seconds retry_after() const { return retry_after_; }
  // The stream is over. Tables that arrived whole are kept, so that they need not come again.
  void close();
  // Whether close() has nothing to keep, and thus nothing to wait for.
  [[nodiscard]] bool is_empty() const { return verified_.empty(); }

 private:
  enum class Phase {
    kIdle,        // an offer comes next
    kReceiving,   // parts of wanted_[0] come next
    kCommitting,  // everything is there; the Committer has it next
    kRefused,     // parts that were under way when it was refused are passed over
  };

  // Whether the caller may send now, and what the offer is held against.
  Result<DeliveryBasis> admit(const std::optional<evidence::Digest>& base);
  // Whether the caller may still send this much today, and for an offer: this many a minute.
  Status within_quota(const v1::SubmitRequest& request);
  // An Error that says to come again later.
  std::unexpected<Error> busy(const std::string& why);
  Answer offer(const v1::SubmitRequest& request);
  Answer difference(const v1::SubmitRequest& request);
  // A manifest, and its canonical bytes.
  struct Offered {
    evidence::Manifest manifest;
    std::string bytes;
  };
  // nullopt when it cannot be restored.
  Result<std::optional<Offered>> restore(const v1::Difference& difference,
                                         const DeliveryBasis& basis);
  Answer consider(Offered offered, const std::string& signature);  // what both kinds come to
  // What was accepted before has its receipt again, whatever became since of its tables and of the
  // key that signed it. Not asked for on the usual way, which ends at the commit.
  template <typename Otherwise>
  Answer unless_replayed(Otherwise otherwise);
  Answer want(std::vector<evidence::Digest> digests);
  Answer part(const v1::TablePart& part);
  Answer finish_table();
  Answer step(const v1::SubmitRequest& request);
  Answer complete();
  void commit(Reply reply);
  Answer committed(const Result<Receipt>& receipt);
  Answer refuse(v1::Refusal::Reason reason, const std::string& detail);
  // The certificate of this host whose key made the signature.
  struct Signer {
    std::string serial;
    evidence::Seconds not_before;
  };
  Result<Signer> signer(const std::string& manifest, const std::string& signature);
  Result<StoredTable> verify(const evidence::ManifestEntry& entry);
  Predecessor* before() { return before_ ? &*before_ : nullptr; }
  const evidence::ManifestEntry* entry_of(const evidence::Digest& digest) const;
  Status keep_verified();

  const IntakeOptions& options_;
  const std::string certificate_;
  Caller caller_;
  Phase phase_ = Phase::kIdle;
  NewSnapshot snapshot_;
  std::optional<Predecessor> before_;     // of the snapshot under way
  std::optional<Event> clock_event_;      // of snapshot_, to be recorded when it is accepted
  std::vector<evidence::Digest> wanted_;  // still to come, in order
  std::string frame_;                     // of wanted_[0], as far as it came
  UploadTurns::Turn turn_;                // while frame_share_ is held
  MemoryBudget::Share frame_share_;
  std::vector<StoredTable> verified_;  // not yet stored
  std::size_t verified_bytes_ = 0;
  std::chrono::seconds retry_after_{0};
};

}  // namespace assay::collector
