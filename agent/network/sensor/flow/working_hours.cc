#include "agent/network/sensor/flow/working_hours.h"

#include <array>
#include <optional>

namespace assay::agent::sensor {
namespace {

constexpr int kDayMinutes = 24 * 60;

std::string_view next_word(std::string_view* rest) {
  const auto begin = std::min(rest->find_first_not_of(' '), rest->size());
  const auto end = std::min(rest->find(' ', begin), rest->size());
  const auto word = rest->substr(begin, end - begin);
  *rest = rest->substr(end);
  return word;
}

std::optional<unsigned> day_from(std::string_view text) {
  constexpr std::array<std::string_view, 7> kDays = {"Mon", "Tue", "Wed", "Thu",
                                                     "Fri", "Sat", "Sun"};
  for (unsigned day = 0; day < kDays.size(); ++day)
    if (text == kDays[day]) return day;
  return std::nullopt;
}

// Bits of the days, 0 when the text names none.
unsigned days_from(std::string_view text) {
  unsigned days = 0;
  while (!text.empty()) {
    const auto part = text.substr(0, text.find(','));
    text = part.size() < text.size() ? text.substr(part.size() + 1) : std::string_view();
    const auto dash = part.find('-');
    const auto first = day_from(part.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : day_from(part.substr(dash + 1));
    if (!first || !last) return 0;
    for (unsigned day = *first;; day = (day + 1) % 7) {
      days |= 1U << day;
      if (day == *last) break;
    }
  }
  return days;
}

// "08:30" as minutes.
std::optional<int> minutes_from(std::string_view text) {
  const auto digit = [&](std::size_t at) { return text[at] - '0'; };
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const std::size_t at : {0U, 1U, 3U, 4U})
    if (text[at] < '0' || text[at] > '9') return std::nullopt;
  const int hours = digit(0) * 10 + digit(1);
  const int minutes = digit(3) * 10 + digit(4);
  if (minutes > 59 || hours * 60 + minutes > kDayMinutes) return std::nullopt;
  return hours * 60 + minutes;
}

}  // namespace

bool WorkingHours::has(std::int64_t seconds) const {
  const auto local = seconds / 60 + offset_minutes + 14LL * kDayMinutes;  // 14: never negative
  const auto day = static_cast<unsigned>((local / kDayMinutes + 3) % 7);  // 1970-01-01: Thursday
  const auto minute = static_cast<int>(local % kDayMinutes);
  return (days >> day & 1U) != 0 && minute >= begin_minute && minute < end_minute;
}

Result<WorkingHours> working_hours_from(std::string_view text) {
  const auto wrong = [&](const std::string& what) {
    return fail(Code::kUsage, "working hours \"" + std::string(text) + "\": " + what +
                                  "; expected such as: Mon-Fri 08:00-18:00 +08:00");
  };
  auto rest = text;
  WorkingHours made;
  made.days = days_from(next_word(&rest));
  if (made.days == 0) return wrong("the days cannot be read");
  const auto hours = next_word(&rest);
  if (hours.size() != 11 || hours[5] != '-') return wrong("the hours cannot be read");
  const auto begin = minutes_from(hours.substr(0, 5));
  const auto end = minutes_from(hours.substr(6));
  if (!begin || !end || *begin >= *end) return wrong("the hours cannot be read");
  made.begin_minute = *begin;
  made.end_minute = *end;
  const auto offset = next_word(&rest);
  const auto minutes = offset.empty() ? std::nullopt : minutes_from(offset.substr(1));
  if (!minutes || *minutes > 14 * 60 || (offset[0] != '+' && offset[0] != '-'))
    return wrong("the offset from UTC cannot be read");
  made.offset_minutes = offset[0] == '-' ? -*minutes : *minutes;
  if (!next_word(&rest).empty()) return wrong("there is something behind it");
  return made;
}

}  // namespace assay::agent::sensor
