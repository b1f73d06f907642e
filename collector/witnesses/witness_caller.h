// Has the ledger's checkpoints co-signed by witnesses, every so often
// (docs/decisions/0072-witnesses.md). Of several collectors one asks at a time. The ledger and what
// is accepted wait for none of this.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <thread>
#include <vector>

#include "collector/store/store.h"
#include "collector/witnesses/witness_client.h"
#include "evidence/ledger/note.h"
#include "evidence/result.h"

namespace assay::collector {

struct WitnessCallerOptions {
  std::chrono::seconds every = std::chrono::hours(1);
  std::vector<Witness> witnesses;
  evidence::VerifierKey ledger;  // whose checkpoints are co-signed
  AskWitness ask = ask_witness;
  std::function<evidence::Seconds()> now;  // the system's clock when empty
  std::chrono::milliseconds look{5'000};   // how often it looks whether something is to be done
};

// After a round nobody asks again for so long, or for `every` when that is shorter.
inline constexpr std::chrono::seconds kWitnessPause = std::chrono::minutes(5);
// A co-signature whose time is further off is none of now.
inline constexpr std::chrono::seconds kWitnessClockSlack = std::chrono::hours(1);

struct WitnessRound {
  std::int64_t cosignatures = 0;
  std::int64_t failures = 0;
};

// Asks each witness that has said nothing since the last full `every` of the clock began, if it is
// this collector's turn. What each said, or why it said nothing, is in the store; what is an alarm
// is an event, too. Fails when the store does; kLost when the stored checkpoint is not one that
// the ledger signed.
[[nodiscard]] Result<WitnessRound> ask_witnesses(Store& store, const WitnessCallerOptions& options,
                                                 const std::stop_token& stop = {});

// For how long a witness has not co-signed, of all of them the longest: since it did, or since the
// first entry was logged. 0 while nothing is logged.
[[nodiscard]] Result<std::chrono::seconds> unwitnessed_age(LedgerStore& store,
                                                           const std::vector<Witness>& witnesses,
                                                           evidence::Seconds now);

class WitnessCaller {
 public:
  // `store` must outlive it.
  WitnessCaller(Store& store, WitnessCallerOptions options);
  ~WitnessCaller();  // stop()
  WitnessCaller(const WitnessCaller&) = delete;
  WitnessCaller& operator=(const WitnessCaller&) = delete;

  // Breaks a conversation with a witness off. Twice does no harm.
  void stop();
  // For /metrics; from any thread.
  [[nodiscard]] std::vector<Figure> figures() const;

 private:
  void run(const std::stop_token& stop);

  Store& store_;
  const WitnessCallerOptions options_;
  std::atomic<std::int64_t> cosignatures_ = 0;
  std::atomic<std::int64_t> failures_ = 0;
  std::jthread thread_;
};

}  // namespace assay::collector
