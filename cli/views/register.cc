// The asset register for people.
#include "cli/terminal/width.h"
#include "cli/views/page.h"
#include "cli/views/views.h"

namespace assay::cli {

namespace {

std::string fields_text(const Json& fields) {
  std::string out;
  for (const auto& [name, value] : fields.items())
    out += (out.empty() ? "" : ", ") + name + "=" +
           (value.is_string() ? value.get<std::string>() : value.dump());
  return out;
}

std::string host_name(const Json& item) {
  return text_at(object_at(item, "host"), "name");
}

std::vector<Heading> change_headings() {
  return {{"line", {"Line", "行"}, true},   {"host", {"Host", "主機"}},
          {"field", {"Field", "欄位"}},     {"before", {"Before", "變更前"}},
          {"after", {"After", "變更後"}},   {"host_id", {}}};
}

Cell or_dash(const std::string& text) {
  return cell(text.empty() ? "–" : text, text, Colour::kPlain);
}

void add_changes(const Json& item, Grid* grid) {
  for (const auto& change : array_at(item, "changes"))
    grid->rows.push_back({cell(text_at(item, "line")), cell(host_name(item)),
                          cell(text_at(change, "field")), or_dash(text_at(change, "before")),
                          or_dash(text_at(change, "after")),
                          cell(text_at(object_at(item, "host"), "id"))});
}

std::string entry_text(const Json& entry, const Screen& screen) {
  PageWriter page(screen);
  page.title(host_name(entry));
  const auto& fields = object_at(entry, "fields");
  if (text_at(entry, "since").empty()) {
    page.paragraph(Text{"Nothing is recorded of it.", "尚無登載。"}.in(screen.language));
    return std::move(page).take();
  }
  Grid grid;
  grid.headings = {{"field", {"Field", "欄位"}}, {"value", {"Value", "內容"}}};
  for (const auto& [name, value] : fields.items())
    grid.rows.push_back({cell(name), cell(text_at(fields, name))});
  if (!array_at(entry, "groups").empty())
    grid.rows.push_back({cell("groups"), cell(joined(array_at(entry, "groups")))});
  page.table(grid);
  page.paragraph(Text{"Recorded ", "登載於 "}.in(screen.language) + time_at(entry, "since") +
                 Text{" by ", "，登載人："}.in(screen.language) + text_at(entry, "changed_by"));
  page.paragraph(text_at(entry, "note"));
  return std::move(page).take();
}

std::string counted(const Json& answer, Language language) {
  const auto rows = text_at(answer, "rows");
  const auto changed = std::to_string(array_at(answer, "changed").size());
  const auto unchanged = text_at(answer, "unchanged");
  const auto unmatched = std::to_string(array_at(answer, "unmatched").size());
  const auto found = answer.find("dry_run");
  const bool is_dry = found != answer.end() && found->is_boolean() && found->get<bool>();
  if (language == Language::kChinese)
    return "共 " + rows + " 列：" + (is_dry ? "將變更 " : "已變更 ") + changed + " 台、未異動 " +
           unchanged + " 台、查無已註冊主機 " + unmatched + " 列。" +
           (is_dry ? "此為試行，未實際變更。" : "");
  return rows + " rows: " + changed + (is_dry ? " hosts would change, " : " hosts changed, ") +
         unchanged + " are as recorded, " + unmatched + " are of no enrolled host." +
         (is_dry ? " This was a dry run; nothing was changed." : "");
}

}  // namespace

Answer register_view(Json items, Language) {
  Answer answer;
  answer.grid.headings = {{"host", {"Host", "主機"}},     {"groups", {"Groups", "群組"}},
                          {"fields", {"Recorded", "登載內容"}}, {"changed_by", {"By", "登載人"}},
                          {"since", {"Since", "登載時間"}}, {"note", {}},
                          {"host_id", {}}};
  for (const auto& item : items)
    answer.grid.rows.push_back(
        {cell(host_name(item)), cell(joined(array_at(item, "groups"))),
         cell(fields_text(object_at(item, "fields"))), cell(text_at(item, "changed_by")),
         cell(time_at(item, "since"), text_at(item, "since"), Colour::kPlain),
         cell(text_at(item, "note")), cell(text_at(object_at(item, "host"), "id"))});
  if (answer.grid.rows.empty())
    answer.text = [](const Screen& screen) {
      return Text{"No host matches.", "沒有符合條件的主機。"}.in(screen.language) + '\n';
    };
  answer.json = std::move(items);
  return answer;
}

Answer register_entry_view(Json entry, Language language) {
  auto answer = register_view(Json::array({entry}), language);
  answer.text = [entry](const Screen& screen) { return entry_text(entry, screen); };
  answer.json = std::move(entry);
  return answer;
}

Answer register_history_view(Json items, Language) {
  Answer answer;
  answer.grid.headings = {{"since", {"When", "時間"}},    {"changed_by", {"Who", "登載人"}},
                          {"field", {"Field", "欄位"}},   {"before", {"Before", "變更前"}},
                          {"after", {"After", "變更後"}}, {"note", {"Why", "理由"}}};
  for (const auto& item : items)
    for (const auto& change : array_at(item, "changes"))
      answer.grid.rows.push_back(
          {cell(time_at(item, "since"), text_at(item, "since"), Colour::kPlain),
           cell(text_at(item, "changed_by")), cell(text_at(change, "field")),
           or_dash(text_at(change, "before")), or_dash(text_at(change, "after")),
           cell(text_at(item, "note"))});
  if (answer.grid.rows.empty())
    answer.text = [](const Screen& screen) {
      return Text{"Nothing was recorded yet.", "尚無登載紀錄。"}.in(screen.language) + '\n';
    };
  answer.json = std::move(items);
  return answer;
}

Answer register_import_view(Json answer_json, Language) {
  Answer answer;
  answer.grid.headings = change_headings();
  for (const auto& item : array_at(answer_json, "changed")) add_changes(item, &answer.grid);
  answer.text = [json = answer_json, grid = answer.grid](const Screen& screen) {
    auto out = to_table(grid, screen);
    for (const auto& row : array_at(json, "unmatched"))
      out += Text{"line ", "第 "}.in(screen.language) + text_at(row, "line") +
             Text{": no enrolled host is called ", " 行：沒有已註冊的主機名為 "}.in(
                 screen.language) +
             harmless(text_at(row, "host")) + '\n';
    return out + counted(json, screen.language) + '\n';
  };
  answer.json = std::move(answer_json);
  return answer;
}

Answer assets_view(Json answer_json, Language language) {
  Answer answer;
  const auto& columns = array_at(answer_json, "columns");
  for (const auto& column : columns) {
    const auto label = words_at(column, "label", language);
    answer.grid.headings.push_back({label, {label, label}});
  }
  for (const auto& item : array_at(answer_json, "items")) {
    const auto& cells = object_at(item, "cells");
    std::vector<Cell> row;
    for (const auto& column : columns) {
      const auto name = text_at(column, "name");
      const auto found = cells.find(name);
      const bool is_words = found != cells.end() && found->is_object();
      row.push_back(cell(is_words ? words_at(cells, name, language) : text_at(cells, name)));
    }
    answer.grid.rows.push_back(std::move(row));
  }
  answer.json = array_at(answer_json, "items");
  return answer;
}

}  // namespace assay::cli
