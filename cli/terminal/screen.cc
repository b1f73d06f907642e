#include "cli/terminal/screen.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace assay::cli {

namespace {

std::string_view sequence_of(Colour colour) {
  switch (colour) {
    case Colour::kBold: return "\x1b[1m";
    case Colour::kDim: return "\x1b[2m";
    case Colour::kRed: return "\x1b[31m";
    case Colour::kYellow: return "\x1b[33m";
    case Colour::kGreen: return "\x1b[32m";
    case Colour::kBlue: return "\x1b[34m";
    case Colour::kMagenta: return "\x1b[35m";
    case Colour::kPlain: break;
  }
  return "";
}

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view() : value;
}

}  // namespace

std::string Screen::paint(Colour colour, std::string_view text) const {
  if (!is_coloured || colour == Colour::kPlain) return std::string(text);
  return std::string(sequence_of(colour)).append(text).append("\x1b[0m");
}

Screen this_screen(Language language) {
  Screen screen;
  screen.language = language;
  const bool is_terminal = isatty(STDOUT_FILENO) == 1;
  winsize size{};
  if (is_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    screen.columns = size.ws_col;
  } else if (const auto columns = environment("COLUMNS"); !columns.empty()) {
    std::size_t wanted = 0;
    const auto end = columns.data() + columns.size();
    if (std::from_chars(columns.data(), end, wanted).ptr == end) screen.columns = wanted;
  }
  screen.columns = std::clamp<std::size_t>(screen.columns, 40, 400);
  screen.is_coloured =
      is_terminal && environment("NO_COLOR").empty() && environment("TERM") != "dumb";
  return screen;
}

}  // namespace assay::cli
