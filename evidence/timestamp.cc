#include "evidence/timestamp.h"

#include <array>
#include <cstdio>

namespace assay::evidence {

namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::year_month_day;

// The number that exactly `width` digits at `at` write, or -1.
int digits(std::string_view text, std::size_t at, std::size_t width) {
  int value = 0;
  for (std::size_t i = at; i < at + width; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

}  // namespace

std::string to_date(Seconds time) {
  const year_month_day date(floor<days>(time));
  std::array<char, 32> text{};
  (void)std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

std::string to_timestamp(Seconds time) {
  const auto day = floor<days>(time);
  const auto seconds = (time - day).count();
  std::array<char, 32> text{};
  (void)std::snprintf(text.data(), text.size(), "T%02d:%02d:%02dZ",
                      static_cast<int>(seconds / 3600), static_cast<int>(seconds / 60 % 60),
                      static_cast<int>(seconds % 60));
  return to_date(time) + text.data();
}

Result<Seconds> from_date(std::string_view text) {
  if (text.size() == 10 && text[4] == '-' && text[7] == '-') {
    const int year = digits(text, 0, 4);
    const int month = digits(text, 5, 2);
    const int day = digits(text, 8, 2);
    const year_month_day date{std::chrono::year(year),
                              std::chrono::month(static_cast<unsigned>(month)),
                              std::chrono::day(static_cast<unsigned>(day))};
    if (year >= 0 && month > 0 && day > 0 && date.ok()) return std::chrono::sys_days(date);
  }
  return fail(Code::kInvalidData, "\"" + std::string(text) + "\" is not a date like 2026-11-21");
}

Result<Seconds> from_timestamp(std::string_view text) {
  if (text.size() == 20 && text[10] == 'T' && text[13] == ':' && text[16] == ':' &&
      text[19] == 'Z') {
    const auto date = from_date(text.substr(0, 10));
    const int hour = digits(text, 11, 2);
    const int minute = digits(text, 14, 2);
    const int second = digits(text, 17, 2);
    if (date && hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60)
      return *date + std::chrono::hours(hour) + std::chrono::minutes(minute) +
             std::chrono::seconds(second);
  }
  return fail(Code::kInvalidData,
              "\"" + std::string(text) + "\" is not a time like 2026-11-21T01:02:03Z");
}

bool is_timestamp(std::string_view text) {
  return from_timestamp(text).has_value();
}

}  // namespace assay::evidence
