// Brings accepted snapshots into the ledger: every one exactly once, within a second, whoever of
// several collectors is quicker (docs/decisions/0064-ledger.md).
//
// A batch is claimed by writing it: the store appends it only to the log that it was made for. A
// collector that is killed leaves either the whole batch or nothing of it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

#include "collector/ledger/ledger_key.h"
#include "collector/ledger/ledger_memory.h"
#include "collector/store/store.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

struct SequencerOptions {
  // From the first snapshot that is accepted to the batch that it goes into.
  std::chrono::milliseconds gather{200};
  // Looks by itself: for snapshots that another collector accepted, and after a failure.
  std::chrono::milliseconds look{1'000};
  std::size_t batch = 1024;
  std::function<evidence::Seconds()> now;  // the system's clock when empty
  // On the sequencer's thread, after something was logged by whichever collector.
  std::function<void()> on_logged;
};

// One batch, if there is one. How many entries it had; kConflict when another collector was
// quicker; kLost when the stored log is not the one that was signed: then nothing is appended, and
// an event says so.
[[nodiscard]] Result<std::size_t> sequence_once(Store& store, const LedgerKey& key,
                                                const SequencerOptions& options);

class Sequencer {
 public:
  // `store` and `key` must outlive it.
  Sequencer(Store& store, const LedgerKey& key, SequencerOptions options);
  ~Sequencer();  // stop()
  Sequencer(const Sequencer&) = delete;
  Sequencer& operator=(const Sequencer&) = delete;

  // A snapshot was accepted. From any thread; costs nothing.
  void notify();
  // Sequences what is there, then ends. Twice does no harm.
  void stop();

 private:
  void run();
  void sequence_all();
  // With what it saw before; what does not go on from there is an event.
  void compare();

  Store& store_;
  const LedgerKey& key_;
  const SequencerOptions options_;
  LedgerMemory memory_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool is_due_ = true;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace assay::collector
