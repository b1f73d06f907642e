// Text for a terminal, put together from titles, indented paragraphs and tables.
#pragma once

#include <string>
#include <string_view>

#include "cli/terminal/grid.h"
#include "cli/terminal/screen.h"
#include "cli/terminal/width.h"

namespace assay::cli {

class PageWriter {
 public:
  explicit PageWriter(const Screen& screen) : screen_(screen) {}

  // An empty line before it, except at the top.
  void title(std::string_view text, Colour colour = Colour::kBold) {
    if (!out_.empty()) out_ += '\n';
    out_ += screen_.paint(colour, harmless(text)) + '\n';
  }
  // Wrapped, every line `indent` columns to the right. Nothing for an empty text.
  void paragraph(std::string_view text, std::size_t indent = 2, Colour colour = Colour::kPlain) {
    if (text.empty()) return;
    for (const auto& line : wrap(harmless(text), screen_.columns - indent))
      out_ += std::string(indent, ' ') + screen_.paint(colour, line) + '\n';
  }
  // As it is written, for SQL.
  void verbatim(std::string_view text, std::size_t indent = 2) {
    const auto safe = harmless(text);
    for (std::size_t at = 0; at < safe.size();) {
      const auto end = std::min(safe.find('\n', at), safe.size());
      out_ += std::string(indent, ' ') + safe.substr(at, end - at) + '\n';
      at = end + 1;
    }
  }
  void field(std::string_view label, std::string_view text) {
    if (text.empty()) return;
    const auto lines = wrap(harmless(text), screen_.columns - kLabel);
    for (std::size_t i = 0; i < lines.size(); ++i)
      out_ += padded(i == 0 ? label : "", kLabel) + lines[i] + '\n';
  }
  void table(const Grid& grid, std::size_t indent = 2) {
    Screen narrower = screen_;
    narrower.columns -= indent;
    const auto text = to_table(grid, narrower);
    for (std::size_t at = 0; at < text.size();) {
      const auto end = text.find('\n', at);
      out_ += std::string(indent, ' ') + text.substr(at, end - at) + '\n';
      at = end + 1;
    }
  }
  [[nodiscard]] std::string take() && { return std::move(out_); }

 private:
  static constexpr std::size_t kLabel = 14;
  const Screen& screen_;
  std::string out_;
};

}  // namespace assay::cli
