// How much memory uploads may hold at one time, over all agents.
//
// Safe from any thread.
#pragma once

#include <atomic>
#include <cstddef>
#include <utility>

namespace assay::collector {

class MemoryBudget {
 public:
  explicit MemoryBudget(std::size_t bytes) : left_(bytes) {}

  // Given back when it ends.
  class Share {
   public:
    Share() = default;
    Share(Share&& other) noexcept
        : budget_(std::exchange(other.budget_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
    Share& operator=(Share&& other) noexcept {
      std::swap(budget_, other.budget_);
      std::swap(bytes_, other.bytes_);
      return *this;
    }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share() {
      if (budget_ != nullptr) budget_->left_ += bytes_;
    }
    explicit operator bool() const { return budget_ != nullptr; }

   private:
    friend class MemoryBudget;
    Share(MemoryBudget* budget, std::size_t bytes) : budget_(budget), bytes_(bytes) {}
    MemoryBudget* budget_ = nullptr;
    std::size_t bytes_ = 0;
  };

  [[nodiscard]] std::size_t left() const { return left_; }
  // An empty Share when there is not that much left.
  [[nodiscard]] Share take(std::size_t bytes) {
    std::size_t left = left_;
    while (left >= bytes) {
      if (left_.compare_exchange_weak(left, left - bytes)) return {this, bytes};
    }
    return {};
  }

 private:
  std::atomic<std::size_t> left_;
};

}  // namespace assay::collector
