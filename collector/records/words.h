// Words as people write them in files and on command lines, made comparable. Pure.
#pragma once

#include <string>
#include <string_view>

namespace assay::collector {

// A to Z in small letters; all else as it is.
[[nodiscard]] inline std::string lower(std::string_view text) {
  std::string out(text);
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

// Without spaces and line breaks around it.
[[nodiscard]] inline std::string trimmed(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n\v\f";
  const auto begin = text.find_first_not_of(kSpaces);
  if (begin == std::string_view::npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(kSpaces) + 1 - begin));
}

}  // namespace assay::collector
