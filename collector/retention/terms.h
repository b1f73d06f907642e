// How long evidence is kept.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <span>
#include <string>

#include "evidence/timestamp.h"

namespace assay::collector {

// idb-isp, appendix 1, 9.1: records are kept for five years at least.
inline constexpr std::chrono::years kUsualRetention{5};
inline constexpr std::chrono::years kLongestRetention{100};

struct RetentionTerms {
  std::chrono::years years = kUsualRetention;  // of all frameworks but those:
  std::map<std::string, std::chrono::years, std::less<>> longer;

  // What every framework is content with: evidence is common to them all.
  [[nodiscard]] std::chrono::years longest() const;
  // What these frameworks are content with.
  [[nodiscard]] std::chrono::years of(std::span<const std::string> frameworks) const;
};

// The same time of day that many calendar years before; of 29 February the 28th, where there is
// none.
[[nodiscard]] evidence::Seconds years_before(evidence::Seconds time, std::chrono::years years);

}  // namespace assay::collector
