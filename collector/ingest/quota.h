// How much one agent may send, so that one that is broken or stolen harms no other.
//
// Counted in memory, per collector; a collector that starts anew counts anew. Safe from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "evidence/timestamp.h"

namespace assay::collector {

struct QuotaLimits {
  // An agent that was away for days sends what it spooled as fast as it may.
  std::int64_t snapshots_per_minute = 120;
  std::int64_t bytes_per_day = 1'000'000'000;  // of messages, as they came
};

class Quotas {
 public:
  explicit Quotas(const QuotaLimits& limits) : limits_(limits) {}

  // From the next message on; what was counted stays counted.
  void set_limits(const QuotaLimits& limits);

  struct Excess {
    std::string what;  // English, with the limit
    std::chrono::seconds again_in;
    bool is_first = false;  // of this host in this minute, or on this day
  };
  // Counts; nullopt while it is within its limits.
  [[nodiscard]] std::optional<Excess> offer(const std::string& host_id, evidence::Seconds now);
  [[nodiscard]] std::optional<Excess> receive(const std::string& host_id, std::size_t bytes,
                                              evidence::Seconds now);

 private:
  struct Count {
    std::int64_t number = -1;  // of the minute, or of the day
    std::int64_t used = 0;
    bool is_told = false;
  };
  struct Use {
    Count minute;
    Count day;
  };

  static std::optional<Excess> add(Count& count, std::int64_t amount, std::int64_t limit,
                                   std::chrono::seconds window, evidence::Seconds now);
  // Those that sent nothing today.
  void forget(evidence::Seconds now);

  std::mutex mutex_;
  QuotaLimits limits_;
  std::unordered_map<std::string, Use> uses_;
  std::int64_t forgotten_on_ = -1;
};

}  // namespace assay::collector
