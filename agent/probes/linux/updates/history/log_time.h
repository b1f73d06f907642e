// How the logs of package managers write a time.
#pragma once

#include <optional>
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

// How apk's log begins a run: "Running `apk upgrade` at 2026-11-21 03:00:00".
struct ApkRun {
  std::string_view command;
  std::string_view time;
};
[[nodiscard]] inline std::optional<ApkRun> apk_run_in(std::string_view line) {
  constexpr std::string_view kStart = "Running `";
  constexpr std::string_view kAt = "` at ";
  constexpr std::size_t kTimeBytes = std::string_view("2026-11-21 03:00:00").size();
  if (!line.starts_with(kStart)) return std::nullopt;
  line.remove_prefix(kStart.size());
  const auto at = line.rfind(kAt);
  if (at == std::string_view::npos || !begins_with_day(line.substr(at + kAt.size())))
    return std::nullopt;
  return ApkRun{.command = line.substr(0, at), .time = line.substr(at + kAt.size(), kTimeBytes)};
}

// apt writes two blanks between day and time.
[[nodiscard]] inline std::string with_one_blank(std::string_view time) {
  std::string out;
  for (const char c : time)
    if (c != ' ' || !out.ends_with(' ')) out += c;
  return out;
}

}  // namespace assay::agent
