// ASCII letters made small; no locale is asked.
#pragma once

#include <string>
#include <string_view>

namespace assay::agent {

[[nodiscard]] inline std::string in_small_letters(std::string_view text) {
  std::string small(text);
  for (char& c : small)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return small;
}

}  // namespace assay::agent
