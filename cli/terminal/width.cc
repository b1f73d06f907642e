#include "cli/terminal/width.h"

#include <wchar.h>

#include <clocale>
#include <cstdio>
#include <cstdlib>

#include "evidence/canonical.h"

namespace assay::cli {

namespace {

struct Character {
  std::string_view bytes;
  char32_t code = 0;
  std::size_t columns = 1;
};

char32_t decode(std::string_view bytes) {
  const auto byte = [&bytes](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  switch (bytes.size()) {
    case 1: return byte(0);
    case 2: return (byte(0) & 0x1FU) << 6U | (byte(1) & 0x3FU);
    case 3: return (byte(0) & 0x0FU) << 12U | (byte(1) & 0x3FU) << 6U | (byte(2) & 0x3FU);
    default:
      return (byte(0) & 0x07U) << 18U | (byte(1) & 0x3FU) << 12U | (byte(2) & 0x3FU) << 6U |
             (byte(3) & 0x3FU);
  }
}

// wcwidth() answers by the locale of the thread; C.UTF-8 knows all of Unicode.
std::size_t columns_of(char32_t code) {
  if (code < 0x80) return 1;
  static const locale_t kUnicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (kUnicode == nullptr) return code >= 0x1100 ? 2 : 1;
  const locale_t before = uselocale(kUnicode);
  const int columns = wcwidth(static_cast<wchar_t>(code));
  uselocale(before);
  return columns < 0 ? 1 : static_cast<std::size_t>(columns);
}

// The first character of `text`, which is not empty.
Character first_of(std::string_view text) {
  const std::size_t length = evidence::utf8_length(text);
  if (length == 0) return {text.substr(0, 1), 0xFFFD, 1};
  const char32_t code = decode(text.substr(0, length));
  return {text.substr(0, length), code, columns_of(code)};
}

bool is_dangerous(char32_t code) {
  const bool is_control = code < 0x20 || (code >= 0x7F && code < 0xA0);
  const bool turns_direction = (code >= 0x202A && code <= 0x202E) ||
                               (code >= 0x2066 && code <= 0x2069) || code == 0x200E ||
                               code == 0x200F || code == 0x2028 || code == 0x2029;
  return (is_control && code != '\n') || turns_direction;
}

// Marks that may not begin a line.
bool closes(char32_t code) {
  constexpr std::u32string_view kClosing = U"。，、；：！？）」』】》〉…,.;:!?)]}";
  return kClosing.find(code) != std::u32string_view::npos;
}

void wrap_line(std::string_view line, std::size_t columns, std::vector<std::string>* out) {
  std::string current;
  std::size_t width = 0;
  std::size_t break_at = 0;     // bytes of `current` that may stand alone on the line
  std::size_t width_there = 0;  // its columns
  const auto flush = [&](std::size_t bytes, std::size_t its_width) {
    std::string rest = current.substr(bytes);
    current.resize(bytes);
    while (!current.empty() && current.back() == ' ') current.pop_back();
    out->push_back(std::move(current));
    const std::size_t spaces = std::min(rest.find_first_not_of(' '), rest.size());
    current = rest.substr(spaces);
    width = width - its_width - spaces;
    break_at = width_there = 0;
  };
  while (!line.empty()) {
    const Character next = first_of(line);
    line.remove_prefix(next.bytes.size());
    const bool may_break_before = (next.columns == 2 || next.code == ' ') && !closes(next.code);
    if (may_break_before && !current.empty()) {
      break_at = current.size();
      width_there = width;
    }
    if (next.code != ' ' && width + next.columns > columns && !current.empty()) {
      if (break_at > 0)
        flush(break_at, width_there);
      else
        flush(current.size(), width);
      if (width + next.columns > columns) flush(current.size(), width);
    }
    current += next.bytes;
    width += next.columns;
    if (next.columns == 2 && (line.empty() || !closes(first_of(line).code))) {
      break_at = current.size();
      width_there = width;
    } else if (next.code == ' ' && width <= columns) {
      break_at = current.size();
      width_there = width;
    }
  }
  while (!current.empty() && current.back() == ' ') current.pop_back();
  out->push_back(std::move(current));
}

}  // namespace

std::string harmless(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character next = first_of(text);
    text.remove_prefix(next.bytes.size());
    const bool is_broken = next.bytes.size() == 1 && next.code == 0xFFFD;
    if (!is_broken && !is_dangerous(next.code)) {
      out += next.bytes;
      continue;
    }
    char escape[16];
    const auto code =
        is_broken ? static_cast<unsigned char>(next.bytes[0]) : static_cast<unsigned>(next.code);
    (void)std::snprintf(escape, sizeof escape, code < 0x100 ? "\\x%02x" : "\\u%04x", code);
    out += escape;
  }
  return out;
}

std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const Character next = first_of(text);
    width += next.columns;
    text.remove_prefix(next.bytes.size());
  }
  return width;
}

std::vector<std::string> wrap(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines;
  columns = std::max<std::size_t>(columns, 2);
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    wrap_line(text.substr(at, end - at), columns, &lines);
    at = end + 1;
  }
  while (lines.size() > 1 && lines.back().empty()) lines.pop_back();
  return lines;
}

std::string padded(std::string_view text, std::size_t columns) {
  std::string out(text);
  const std::size_t width = width_of(text);
  if (width < columns) out.append(columns - width, ' ');
  return out;
}

}  // namespace assay::cli
