#include "collector/store/meter.h"

namespace assay::collector {

void Meter::add(std::string_view operation, bool is_failure, std::chrono::nanoseconds time) {
  const std::lock_guard lock(mutex_);
  auto& counts = counts_[operation];
  ++counts.calls;
  counts.failures += is_failure ? 1 : 0;
  counts.time += time;
}

std::map<std::string_view, OperationCounts> Meter::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace assay::collector
