// One table of a host on its way at a time: with several streams that each announce the largest
// table there is, and then send nothing, one host would hold the memory of all.
//
// Safe from any thread.
#pragma once

#include <mutex>
#include <string>
#include <unordered_set>
#include <utility>

namespace assay::collector {

class UploadTurns {
 public:
  // Given back when it ends.
  class Turn {
   public:
    Turn() = default;
    Turn(Turn&& other) noexcept
        : turns_(std::exchange(other.turns_, nullptr)), host_id_(std::move(other.host_id_)) {}
    Turn& operator=(Turn&& other) noexcept {
      std::swap(turns_, other.turns_);
      std::swap(host_id_, other.host_id_);
      return *this;
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() {
      if (turns_ != nullptr) turns_->give_back(host_id_);
    }
    explicit operator bool() const { return turns_ != nullptr; }

   private:
    friend class UploadTurns;
    Turn(UploadTurns* turns, std::string host_id) : turns_(turns), host_id_(std::move(host_id)) {}
    UploadTurns* turns_ = nullptr;
    std::string host_id_;
  };

  // An empty Turn while another stream of the host has it.
  [[nodiscard]] Turn take(const std::string& host_id) {
    const std::lock_guard lock(mutex_);
    if (!taken_.insert(host_id).second) return {};
    return {this, host_id};
  }

 private:
  void give_back(const std::string& host_id) {
    const std::lock_guard lock(mutex_);
    taken_.erase(host_id);
  }

  std::mutex mutex_;
  std::unordered_set<std::string> taken_;
};

}  // namespace assay::collector
