// Results kept in memory, bounded, in front of whatever keeps them for good. Safe from any thread.
#pragma once

#include <cstddef>
#include <list>
#include <mutex>
#include <unordered_map>

#include "checks/engine/evaluation.h"

namespace assay::checks {

class ResultMemory final : public ResultCache {
 public:
  // At most `most` results; the one that was longest not asked for goes first.
  explicit ResultMemory(std::size_t most) : most_(most) {}

  [[nodiscard]] SharedResult find(const evidence::Digest& key) override;
  SharedResult store(const evidence::Digest& key, SharedResult result) override;
  [[nodiscard]] std::size_t size() const;

 private:
  struct Entry {
    SharedResult result;
    std::list<evidence::Digest>::iterator place;
  };

  const std::size_t most_;
  mutable std::mutex mutex_;
  std::list<evidence::Digest> by_use_;  // the latest first
  std::unordered_map<evidence::Digest, Entry> entries_;
};

}  // namespace assay::checks
