// Has the ledger's checkpoints time-stamped by an authority, every so often while the ledger grows
// (docs/decisions/0070-time-stamps.md). Of several collectors one asks at a time. The ledger and
// what is accepted wait for none of this.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "collector/stamps/authority_client.h"
#include "collector/store/store.h"
#include "evidence/ledger/note.h"
#include "evidence/result.h"

namespace assay::collector {

struct TimeStamperOptions {
  std::chrono::seconds every = std::chrono::hours(1);
  std::string authorities;       // PEM: who may have signed a stamp
  evidence::VerifierKey ledger;  // whose checkpoints are stamped
  // The reply to a query.
  std::function<Result<std::string>(const std::string& query, const std::stop_token& stop)> ask;
  std::function<evidence::Seconds()> now;  // the system's clock when empty
  std::chrono::milliseconds look{5'000};   // how often it looks whether something is to be done
};

// After a failure nobody asks again for so long, or for `every` when that is shorter.
inline constexpr std::chrono::seconds kStampPause = std::chrono::minutes(5);

// One stamp, if one is due and it is this collector's turn: whether there was. Otherwise why none
// could be had, by the codes of ask_authority() and time_stamp_in(); kLost when the stored
// checkpoint is not one that the ledger signed.
[[nodiscard]] Result<bool> stamp_once(Store& store, const TimeStamperOptions& options,
                                      const std::stop_token& stop = {});

class TimeStamper {
 public:
  // `store` must outlive it.
  TimeStamper(Store& store, TimeStamperOptions options);
  ~TimeStamper();  // stop()
  TimeStamper(const TimeStamper&) = delete;
  TimeStamper& operator=(const TimeStamper&) = delete;

  // Breaks a conversation with the authority off. Twice does no harm.
  void stop();
  // For /metrics; from any thread.
  [[nodiscard]] std::vector<Figure> figures() const;

 private:
  void run(const std::stop_token& stop);

  Store& store_;
  const TimeStamperOptions options_;
  std::atomic<std::int64_t> stamps_ = 0;
  std::atomic<std::int64_t> failures_ = 0;
  std::jthread thread_;
};

}  // namespace assay::collector
