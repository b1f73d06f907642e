// How the logs of package managers write a time.
#pragma once

#include <string>
#include <string_view>

namespace assay::agent {

// "2026-11-21" at the beginning.
[[nodiscard]] inline bool begins_with_day(std::string_view text) {
  constexpr std::string_view kForm = "dddd-dd-dd";
  if (text.size() < kForm.size()) return false;
  for (std::size_t i = 0; i < kForm.size(); ++i)
    if (kForm[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != kForm[i]) return false;
  return true;
}

// apt writes two blanks between day and time.
[[nodiscard]] inline std::string with_one_blank(std::string_view time) {
  std::string out;
  for (const char c : time)
    if (c != ' ' || !out.ends_with(' ')) out += c;
  return out;
}

}  // namespace assay::agent
