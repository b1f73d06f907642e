#include "collector/main/list_printer.h"

#include <fmt/core.h>

#include <algorithm>

#include "collector/main/terminal_text.h"

namespace assay::collector {

void ListPrinter::add(nlohmann::ordered_json object, std::vector<std::string> cells) {
  objects_.push_back(std::move(object));
  std::ranges::transform(cells, cells.begin(), harmless);
  rows_.push_back(std::move(cells));
}

void ListPrinter::print(bool is_json) const {
  if (is_json) {
    fmt::print("{}\n", objects_.dump(2, ' ', false, nlohmann::json::error_handler_t::replace));
    return;
  }
  std::vector<std::size_t> widths;
  for (const auto& heading : headings_) widths.push_back(width_of(heading));
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  const auto print_row = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - width_of(row[i]) + 2, ' ');
    }
    fmt::print("{}\n", line);
  };
  print_row(headings_);
  for (const auto& row : rows_) print_row(row);
}

}  // namespace assay::collector
