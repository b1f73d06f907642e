// Counts and times what a store is asked, by operation, for /metrics and for tests that
// promise that something costs nothing.
//
// Safe from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string_view>

namespace assay::collector {

struct OperationCounts {
  std::int64_t calls = 0;
  std::int64_t failures = 0;
  std::chrono::nanoseconds time{0};
};

class Meter {
 public:
  // `operation` must be a literal.
  void add(std::string_view operation, bool is_failure, std::chrono::nanoseconds time);
  [[nodiscard]] std::map<std::string_view, OperationCounts> counts() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string_view, OperationCounts> counts_;
};

// A number that another part of the collector tells of itself, for /metrics.
struct Figure {
  std::string_view name;  // as Prometheus writes it, with its unit: assay_open_streams
  std::string_view help;  // in English: Prometheus shows it to whoever asks there
  double value = 0;
  bool is_counter = false;  // only ever grows while the process lives
};

// What the parts of the store share.
class Metered {
 public:
  [[nodiscard]] const Meter& meter() const { return meter_; }

 protected:
  Metered() = default;
  ~Metered() = default;

  // Runs `work`, which returns a Result or Status, and counts it.
  template <typename Work>
  auto measured(std::string_view operation, Work&& work) {
    const auto start = std::chrono::steady_clock::now();
    auto result = work();
    count(operation, !result.has_value(), std::chrono::steady_clock::now() - start);
    return result;
  }
  void count(std::string_view operation, bool is_failure, std::chrono::nanoseconds time) {
    meter_.add(operation, is_failure, time);
  }

 private:
  Meter meter_;
};

}  // namespace assay::collector
