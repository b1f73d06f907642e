#include "collector/retention/terms.h"

#include <algorithm>

namespace assay::collector {

std::chrono::years RetentionTerms::longest() const {
  auto longest = years;
  for (const auto& [framework, its] : longer) longest = std::max(longest, its);
  return longest;
}

std::chrono::years RetentionTerms::of(std::span<const std::string> frameworks) const {
  auto longest = years;
  for (const auto& framework : frameworks)
    if (const auto found = longer.find(framework); found != longer.end())
      longest = std::max(longest, found->second);
  return longest;
}

evidence::Seconds years_before(evidence::Seconds time, std::chrono::years years) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  auto date = std::chrono::year_month_day(day) - years;
  if (!date.ok()) date = date.year() / date.month() / std::chrono::last;
  return std::chrono::sys_days(date) + (time - day);
}

}  // namespace assay::collector
