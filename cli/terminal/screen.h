// What the answer is written to: how wide it is, whether it shows colours, and in which language.
#pragma once

#include <string>
#include <string_view>

#include "evidence/text.h"

namespace assay::cli {

enum class Colour { kPlain, kBold, kDim, kRed, kYellow, kGreen, kBlue, kMagenta };

struct Screen {
  std::size_t columns = 100;
  bool is_coloured = false;
  Language language = Language::kEnglish;

  // `text` in the colour, or as it is where there are none.
  [[nodiscard]] std::string paint(Colour colour, std::string_view text) const;
};

// Standard output as it is: its width ($COLUMNS where it is not a terminal, else 100); colours only
// on a terminal that has them, and never when NO_COLOR is set (https://no-color.org).
[[nodiscard]] Screen this_screen(Language language);

}  // namespace assay::cli
