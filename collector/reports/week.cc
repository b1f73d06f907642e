#include "collector/reports/week.h"

#include <fmt/core.h>

#include <chrono>

#include "evidence/refusal.h"

namespace assay::collector {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

constexpr days kWeek{7};
constexpr std::size_t kNameLength = 8;  // 2026-W48

sys_days monday_of(sys_days day) {
  return day - (std::chrono::weekday(day) - std::chrono::Monday);
}

// A week is of the year that has its Thursday: the first one has the fourth of January.
sys_days first_monday_of(std::chrono::year year) {
  return monday_of(year / 1 / 4);
}

// -1 for anything but digits.
int number_of(std::string_view digits) {
  int number = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return -1;
    number = number * 10 + (digit - '0');
  }
  return number;
}

}  // namespace

Week week_at(evidence::Seconds when) {
  const auto monday = monday_of(std::chrono::floor<days>(when));
  const auto year = std::chrono::year_month_day(monday + days(3)).year();
  const auto number = (monday - first_monday_of(year)) / kWeek + 1;
  return {fmt::format("{:04}-W{:02}", static_cast<int>(year), number), monday, monday + kWeek};
}

Result<Week> week_named(std::string_view name) {
  if (name.size() == kNameLength && name.substr(4, 2) == "-W") {
    const int year = number_of(name.substr(0, 4));
    const int number = number_of(name.substr(6));
    if (year > 0 && number > 0) {
      auto week = week_at(first_monday_of(std::chrono::year(year)) + (number - 1) * kWeek);
      if (week.name == name) return week;
    }
  }
  return refuse(Code::kUsage, {"\"{}\": a week is written 2026-W48", "「{}」：週次請寫成 2026-W48"},
                name);
}

}  // namespace assay::collector
