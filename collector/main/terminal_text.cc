#include "collector/main/terminal_text.h"

#include <algorithm>

namespace assay::collector {

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if ((byte & 0xc0U) != 0x80U) width += byte >= 0xe3U ? 2 : 1;
  }
  return width;
}

std::string harmless(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20U || c == 0x7f; }, '?');
  return text;
}

}  // namespace assay::collector
