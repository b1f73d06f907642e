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
    meter_.add(operation, !result.has_value(), std::chrono::steady_clock::now() - start);
    return result;
  }

 private:
  Meter meter_;
};

}  // namespace assay::collector
