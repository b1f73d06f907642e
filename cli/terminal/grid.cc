#include "cli/terminal/grid.h"

#include <algorithm>
#include <numeric>

#include "cli/terminal/width.h"
#include "evidence/canonical.h"

namespace assay::cli {

namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kNarrowest = 8;

std::vector<std::size_t> shown_columns(const Grid& grid) {
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < grid.headings.size(); ++i)
    if (!grid.headings[i].label.en.empty()) shown.push_back(i);
  return shown;
}

std::size_t widest_line(std::string_view text) {
  std::size_t widest = 0;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    widest = std::max(widest, width_of(text.substr(at, end - at)));
    at = end + 1;
  }
  return widest;
}

// What each column takes; the widest ones give way until the sum fits.
std::vector<std::size_t> fit(std::vector<std::size_t> widths, std::size_t columns) {
  if (widths.empty()) return widths;
  const std::size_t gaps = kGap * (widths.size() - 1);
  while (std::accumulate(widths.begin(), widths.end(), gaps) > columns) {
    const auto widest = std::ranges::max_element(widths);
    if (*widest <= kNarrowest) break;
    --*widest;
  }
  return widths;
}

struct Block {
  std::vector<std::string> lines;
  Colour colour;
  bool is_number;
};

void append_row(const std::vector<Block>& blocks, const std::vector<std::size_t>& widths,
                const Screen& screen, std::string* out) {
  std::size_t height = 1;
  for (const auto& block : blocks) height = std::max(height, block.lines.size());
  for (std::size_t line = 0; line < height; ++line) {
    std::string text;
    std::size_t spaces = 0;  // held back, so that no line ends with any
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      const auto& block = blocks[i];
      const std::string part = line < block.lines.size() ? block.lines[line] : "";
      const std::size_t width = width_of(part);
      const std::size_t fill = widths[i] > width ? widths[i] - width : 0;
      if (block.is_number) spaces += fill;
      if (!part.empty()) {
        text.append(spaces, ' ').append(screen.paint(block.colour, part));
        spaces = 0;
      } else {
        spaces += width;
      }
      if (!block.is_number) spaces += fill;
      spaces += kGap;
    }
    *out += text + '\n';
  }
}

}  // namespace

Cell cell(std::string text) {
  Cell out;
  out.shown = text;
  out.plain = std::move(text);
  return out;
}

Cell cell(std::string shown, std::string plain, Colour colour) {
  return {std::move(shown), std::move(plain), colour};
}

std::string to_table(const Grid& grid, const Screen& screen) {
  if (grid.rows.empty()) return {};
  const auto shown = shown_columns(grid);
  std::vector<std::size_t> widths;
  for (const auto column : shown)
    widths.push_back(width_of(grid.headings[column].label.in(screen.language)));
  std::vector<std::vector<std::string>> safe;
  for (const auto& row : grid.rows) {
    auto& texts = safe.emplace_back();
    for (std::size_t i = 0; i < shown.size(); ++i) {
      texts.push_back(harmless(row[shown[i]].shown));
      widths[i] = std::max(widths[i], widest_line(texts.back()));
    }
  }
  widths = fit(std::move(widths), screen.columns);

  std::string out;
  std::vector<Block> blocks;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const auto& heading = grid.headings[shown[i]];
    blocks.push_back(
        {wrap(heading.label.in(screen.language), widths[i]), Colour::kBold, heading.is_number});
  }
  append_row(blocks, widths, screen, &out);
  for (std::size_t row = 0; row < grid.rows.size(); ++row) {
    blocks.clear();
    for (std::size_t i = 0; i < shown.size(); ++i)
      blocks.push_back({wrap(safe[row][i], widths[i]), grid.rows[row][shown[i]].colour,
                        grid.headings[shown[i]].is_number});
    append_row(blocks, widths, screen, &out);
  }
  return out;
}

namespace {

// As in JSON, a byte that is not UTF-8 becomes U+FFFD: the file says that it is UTF-8.
void append_valid(std::string_view text, std::string* out) {
  while (!text.empty()) {
    const auto length = evidence::utf8_length(text);
    if (length == 0)
      *out += "\xEF\xBF\xBD";
    else
      out->append(text.substr(0, length));
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
}

}  // namespace

std::string csv_cell(std::string_view text) {
  std::string out;
  const bool is_number = text.size() > 1 && text[0] == '-' &&
                         text.find_first_not_of("0123456789", 1) == std::string_view::npos;
  if (!text.empty() && !is_number &&
      std::string_view("=+-@\t\r\n").find(text[0]) != std::string_view::npos)
    out += '\'';
  append_valid(text, &out);
  if (out.find_first_of("\",\r\n") == std::string::npos) return out;
  std::string quoted = "\"";
  for (const char c : out) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string to_csv(const Grid& grid) {
  std::string out = "\xEF\xBB\xBF";
  for (std::size_t i = 0; i < grid.headings.size(); ++i)
    out += (i == 0 ? "" : ",") + csv_cell(grid.headings[i].name);
  out += "\r\n";
  for (const auto& row : grid.rows) {
    for (std::size_t i = 0; i < row.size(); ++i)
      out += (i == 0 ? "" : ",") + csv_cell(row[i].plain);
    out += "\r\n";
  }
  return out;
}

}  // namespace assay::cli
