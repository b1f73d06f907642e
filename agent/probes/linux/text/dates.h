// Days out of the many ways in which programs write them, as YYYY-MM-DD. Nothing when there is no
// such day.
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "agent/probes/linux/text/cells.h"
#include "evidence/timestamp.h"

namespace assay::agent {

[[nodiscard]] inline std::optional<std::string> iso_date(std::string_view year,
                                                         std::string_view month,
                                                         std::string_view day) {
  std::string date(year);
  date.append("-").append(month).append("-").append(day.size() == 1 ? "0" : "").append(day);
  if (!evidence::from_date(date)) return std::nullopt;
  return date;
}

// "Nov" → "11"; empty when it is none.
[[nodiscard]] inline std::string_view month_number(std::string_view name) {
  constexpr std::string_view kMonths =
      "Jan01Feb02Mar03Apr04May05Jun06Jul07Aug08Sep09Oct10Nov11Dec12";
  if (name.size() != 3) return {};
  for (std::size_t at = 0; at < kMonths.size(); at += 5)
    if (kMonths.substr(at, 3) == name) return kMonths.substr(at + 3, 2);
  return {};
}

// The first YYYY-MM-DD, YYYY/MM/DD or YYYY:MM:DD in the text.
[[nodiscard]] inline std::optional<std::string> date_within(std::string_view text) {
  for (std::size_t at = 0; at + 10 <= text.size(); ++at) {
    const char separator = text[at + 4];
    if ((separator != '-' && separator != '/' && separator != ':') || text[at + 7] != separator)
      continue;
    if (at > 0 && text[at - 1] >= '0' && text[at - 1] <= '9') continue;
    if (auto date = iso_date(text.substr(at, 4), text.substr(at + 5, 2), text.substr(at + 8, 2)))
      return date;
  }
  return std::nullopt;
}

// "20261120…"
[[nodiscard]] inline std::optional<std::string> compact_date(std::string_view text) {
  if (text.size() < 8) return std::nullopt;
  return iso_date(text.substr(0, 4), text.substr(4, 2), text.substr(6, 2));
}

[[nodiscard]] inline std::optional<std::string> date_of_milliseconds(std::int64_t since_1970) {
  constexpr std::int64_t kYear10000 = 253'402'300'800'000;
  if (since_1970 <= 0 || since_1970 >= kYear10000) return std::nullopt;
  return evidence::to_date(evidence::Seconds(std::chrono::seconds(since_1970 / 1000)));
}

}  // namespace assay::agent
