#include "cli/terminal/words.h"
#include "cli/views/views.h"

namespace assay::cli {

Answer software_view(Json items, Language) {
  Answer answer;
  answer.grid.headings = {{"kind", {"Kind", "類別"}},
                          {"name", {"Name", "名稱"}},
                          {"version", {"Version", "版本"}},
                          {"arch", {"Arch", "架構"}},
                          {"cpe", {"CPE", "CPE"}},
                          {"confidence", {"Confidence", "可信度"}},
                          {"purl", {}}};
  for (const auto& item : items) {
    std::vector<Cell> row;
    for (const auto* key : {"kind", "name", "version", "arch", "cpe", "confidence", "purl"})
      row.push_back(cell(text_at(item, key)));
    answer.grid.rows.push_back(std::move(row));
  }
  if (answer.grid.rows.empty())
    answer.text = [](const Screen& screen) {
      return Text{"No software is known of this host.", "尚無此主機的軟體資料。"}.in(
                 screen.language) +
             '\n';
    };
  answer.json = std::move(items);
  return answer;
}

}  // namespace assay::cli
