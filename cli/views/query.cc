#include "cli/terminal/words.h"
#include "cli/views/views.h"

namespace assay::cli {

Answer query_view(Json answer, Language) {
  Answer out;
  out.grid.headings = {{"host", {"Host", "主機"}}};
  std::vector<std::string> columns;
  for (const auto& column : array_at(answer, "columns"))
    if (column.is_string()) columns.push_back(column.get<std::string>());
  for (const auto& column : columns) out.grid.headings.push_back({column, {column, column}});
  for (const auto& item : array_at(answer, "items"))
    for (const auto& host : array_at(item, "hosts"))
      for (const auto& row : array_at(item, "rows")) {
        std::vector<Cell> cells = {cell(text_at(host, "name"))};
        for (std::size_t i = 0; i < columns.size(); ++i)
          cells.push_back(row.is_array() && i < row.size() && !row[i].is_null()
                              ? cell(text_of(row[i]))
                              : cell("NULL", "", Colour::kDim));
        out.grid.rows.push_back(std::move(cells));
      }
  if (out.grid.rows.empty())
    out.text = [](const Screen& screen) {
      return Text{"No host that could be asked has a row.", "能回答的主機均無符合的資料。"}.in(
                 screen.language) +
             '\n';
    };
  out.json = std::move(answer);
  return out;
}

}  // namespace assay::cli
