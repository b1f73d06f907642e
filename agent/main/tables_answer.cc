#include <algorithm>
#include <memory>

#include "agent/main/network_command.h"
#include "cli/terminal/width.h"
#include "evidence/value_json.h"

namespace assay::agent {

namespace {

using evidence::Table;
using nlohmann::ordered_json;

ordered_json to_json(const Table& table) {
  auto rows = ordered_json::array();
  for (const auto& row : table.rows()) {
    auto object = ordered_json::object();
    for (std::size_t i = 0; i < row.size(); ++i)
      object[table.header().columns[i].name] = evidence::json_of<ordered_json>(row[i]);
    rows.push_back(std::move(object));
  }
  return {{"table", table.header().table}, {"rows", std::move(rows)}};
}

void add_values(const Table& table, cli::Grid& grid) {
  for (std::size_t number = 0; number < table.rows().size(); ++number)
    for (std::size_t i = 0; i < table.header().columns.size(); ++i) {
      const auto& value = table.rows()[number][i];
      if (std::holds_alternative<std::monostate>(value)) continue;
      grid.rows.push_back({cli::cell(table.header().table), cli::cell(std::to_string(number + 1)),
                           cli::cell(table.header().columns[i].name),
                           cli::cell(evidence::to_text(value))});
    }
}

// What is the same in all rows stands once above the grid of what is not.
std::string to_text(const Table& table, const cli::Screen& screen) {
  std::string out = screen.paint(cli::Colour::kBold, table.header().table) + "\n";
  if (table.rows().empty())
    return out + (screen.language == Language::kChinese ? "  （無）\n" : "  (none)\n");
  cli::Grid grid;
  std::vector<std::size_t> different;
  for (std::size_t i = 0; i < table.header().columns.size(); ++i) {
    const auto& column = table.header().columns[i];
    const auto& first = table.rows().front()[i];
    if (std::ranges::all_of(table.rows(), [&](const auto& row) { return row[i] == first; })) {
      if (!std::holds_alternative<std::monostate>(first))
        out += "  " + cli::padded(column.name, 24) + cli::harmless(evidence::to_text(first)) + "\n";
      continue;
    }
    different.push_back(i);
    grid.headings.push_back(
        {column.name, {column.name, column.name}, column.type == evidence::Type::kInteger});
  }
  for (const auto& row : table.rows()) {
    std::vector<cli::Cell> cells;
    for (const auto i : different) cells.push_back(cli::cell(evidence::to_text(row[i])));
    grid.rows.push_back(std::move(cells));
  }
  return different.empty() ? out : out + cli::to_table(grid, screen);
}

}  // namespace

cli::Answer answer_of_tables(std::vector<Table> tables) {
  cli::Answer out;
  out.json = ordered_json::array();
  out.grid.headings = {{"table", {"table", "資料表"}},
                       {"row", {"row", "列"}, true},
                       {"column", {"column", "欄位"}},
                       {"value", {"value", "值"}}};
  for (const auto& table : tables) {
    out.json.push_back(to_json(table));
    add_values(table, out.grid);
  }
  const auto kept = std::make_shared<const std::vector<Table>>(std::move(tables));
  out.text = [kept](const cli::Screen& screen) {
    std::string text;
    for (const auto& table : *kept) text += (text.empty() ? "" : "\n") + to_text(table, screen);
    return text;
  };
  return out;
}

}  // namespace assay::agent
