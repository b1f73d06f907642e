// The company's lists for people.
#include "cli/terminal/width.h"
#include "cli/views/views.h"

namespace assay::cli {

namespace {

std::string cells_text(const Json& row) {
  std::string out;
  for (const auto& [name, value] : row.items())
    out += (out.empty() ? "" : ", ") + name + "=" +
           (value.is_string() ? value.get<std::string>() : value.dump());
  return out;
}

// Columns of a thing that was seen, as people call them.
Text label_of(std::string_view column) {
  static const std::map<std::string_view, Text> kLabels = {
      {"kind", {"Kind", "種類"}},         {"name", {"Name", "名稱"}},
      {"path", {"Path", "路徑"}},         {"port", {"Port", "連接埠"}},
      {"protocol", {"Protocol", "協定"}}, {"process", {"Process", "處理程序"}},
      {"username", {"Account", "帳號"}},  {"address", {"Address", "位址"}},
      {"rights", {"Rights", "權限來源"}}, {"package", {"Package", "套件"}},
      {"version", {"Version", "版本"}},   {"sha256", {"SHA-256", "SHA-256"}},
      {"host_group", {"Group", "群組"}}};
  const auto found = kLabels.find(column);
  return found == kLabels.end() ? Text{std::string(column), std::string(column)} : found->second;
}

// The columns that any of the items has, in their order, up to `end`.
std::vector<std::string> columns_of(const Json& items, std::string_view end) {
  std::vector<std::string> columns;
  for (const auto& item : items)
    for (const auto& [name, value] : item.items()) {
      if (name == end) break;
      if (std::ranges::find(columns, name) == columns.end()) columns.push_back(name);
    }
  return columns;
}

std::string not_seen_text(const Json& answer, Language language) {
  std::string out;
  for (const auto& missing : array_at(answer, "not_seen")) {
    // A system without rpm has no rpm packages; that is no gap. The JSON has it all.
    if (text_at(missing, "reason").starts_with("not_found: no ")) continue;
    const auto table = text_at(missing, "table");
    out += Text{"Not looked at on ", "有 "}.in(language) + text_at(missing, "hosts") +
           Text{" hosts: ", " 台主機未能檢視："}.in(language) +
           harmless((table.empty() ? "" : table + ": ") + text_at(missing, "reason")) + '\n';
  }
  return out;
}

std::string first_of(const Json& texts) {
  if (!texts.is_array() || texts.empty()) return {};
  const auto more = texts.size() - 1;
  const auto first = texts[0].is_string() ? texts[0].get<std::string>() : texts[0].dump();
  return more == 0 ? first : first + " +" + std::to_string(more);
}

std::string host_names(const Json& item) {
  Json names = Json::array();
  for (const auto& host : array_at(item, "hosts")) names.push_back(text_at(host, "name"));
  return joined(names);
}

}  // namespace

Answer approvals_view(Json items, Language) {
  Answer answer;
  answer.grid.headings = {{"id", {"Id", "編號"}},
                          {"row", {"Approved", "核准內容"}},
                          {"until", {"Until", "有效至"}},
                          {"approved_by", {"By", "核准人"}},
                          {"approved_at", {"Since", "核准時間"}},
                          {"state", {"State", "狀態"}},
                          {"note", {"Why", "理由"}},
                          {"withdrawn_at", {}},
                          {"withdrawn_by", {}},
                          {"withdrawn_note", {}}};
  for (const auto& item : items)
    answer.grid.rows.push_back(
        {cell(text_at(item, "id")), cell(cells_text(object_at(item, "row"))),
         cell(text_at(item, "until")), cell(text_at(item, "approved_by")),
         cell(time_at(item, "approved_at"), text_at(item, "approved_at"), Colour::kPlain),
         cell(text_at(item, "state")), cell(text_at(item, "note")),
         cell(text_at(item, "withdrawn_at")), cell(text_at(item, "withdrawn_by")),
         cell(text_at(item, "withdrawn_note"))});
  if (answer.grid.rows.empty())
    answer.text = [](const Screen& screen) {
      return Text{"Nothing is approved here; rows of files in content.d count besides.",
                  "此處尚無核准項目；content.d 檔案中的項目另計。"}
                 .in(screen.language) +
             '\n';
    };
  answer.json = std::move(items);
  return answer;
}

Answer approved_view(Json done, Language) {
  Answer answer;
  answer.grid.headings = {{"list", {"List", "清單"}},
                          {"added", {"Added", "新增"}, true},
                          {"replaced", {"Replaced", "取代"}, true},
                          {"unchanged", {"Unchanged", "未異動"}, true}};
  answer.grid.rows = {{cell(text_at(done, "list")), cell(text_at(done, "added")),
                       cell(text_at(done, "replaced")), cell(text_at(done, "unchanged"))}};
  answer.text = [done](const Screen& screen) {
    const bool is_new = text_at(done, "added") != "0";
    if (!is_new)
      return Text{"It was approved already, in the same words.\n", "先前已核准，內容相同。\n"}.in(
          screen.language);
    return Text{"Approved; machines are judged by it from now on.\n",
                "已核准，自即刻起據以判定。\n"}
        .in(screen.language);
  };
  answer.json = std::move(done);
  return answer;
}

Answer withdrawn_view(Json done, Language) {
  Answer answer;
  answer.grid.headings = {{"list", {"List", "清單"}}, {"withdrawn", {"Withdrawn", "撤銷"}, true}};
  answer.grid.rows = {{cell(text_at(done, "list")), cell(text_at(done, "withdrawn"))}};
  answer.text = [done](const Screen& screen) {
    return Text{"Withdrawn: ", "已撤銷："}.in(screen.language) + text_at(done, "withdrawn") + '\n';
  };
  answer.json = std::move(done);
  return answer;
}

Answer review_view(Json review, Language language) {
  Answer answer;
  const auto& items = array_at(review, "items");
  const auto columns = columns_of(items, "versions");
  for (const auto& column : columns)
    answer.grid.headings.push_back({column, label_of(column)});
  for (const auto& heading : std::vector<Heading>{{"versions", {"Versions", "版本"}},
                                                  {"publishers", {"Publisher", "發行者"}},
                                                  {"host_count", {"Hosts", "主機數"}, true},
                                                  {"hosts", {"On", "主機"}},
                                                  {"first_seen", {"First seen", "首次發現"}},
                                                  {"installed_at", {"Installed", "安裝時間"}},
                                                  {"installed_by", {"By", "安裝者"}},
                                                  {"reason", {}}})
    answer.grid.headings.push_back(heading);
  for (const auto& item : items) {
    std::vector<Cell> row;
    for (const auto& column : columns) row.push_back(cell(text_at(item, column)));
    const auto seen = text_at(item, "first_seen");
    const auto installed = text_at(item, "installed_at");
    for (const auto* list : {"versions", "publishers"})
      row.push_back(cell(first_of(array_at(item, list)), joined(array_at(item, list)),
                         Colour::kPlain));
    row.push_back(cell(text_at(item, "host_count")));
    Json names = Json::array();
    for (const auto& host : array_at(item, "hosts")) names.push_back(text_at(host, "name"));
    row.push_back(cell(first_of(names), host_names(item), Colour::kPlain));
    row.push_back(cell(seen.empty() ? "–" : seen.substr(0, 10), seen, Colour::kPlain));
    row.push_back(cell(installed.empty() ? "–" : installed.substr(0, 10), installed,
                       Colour::kPlain));
    const auto by = first_of(array_at(item, "installed_by"));
    row.push_back(cell(by.empty() ? "–" : by, joined(array_at(item, "installed_by")),
                       Colour::kPlain));
    row.push_back(cell(words_at(item, "installed_reason", language)));
    answer.grid.rows.push_back(std::move(row));
  }
  answer.text = [review, grid = answer.grid](const Screen& screen) {
    auto out = to_table(grid, screen) + not_seen_text(review, screen.language);
    const auto count = std::to_string(grid.rows.size());
    const auto hosts = text_at(review, "hosts");
    return out + (screen.language == Language::kChinese
                      ? "檢視 " + hosts + " 台主機，" + count + " 項未核准。\n"
                      : count + " not approved, on " + hosts + " hosts that were looked at.\n");
  };
  answer.json = std::move(review);
  return answer;
}

Answer learnt_view(Json learnt, Language) {
  Answer answer;
  const auto& items = array_at(learnt, "items");
  const auto columns = columns_of(items, {});
  for (const auto& column : columns)
    answer.grid.headings.push_back({column, label_of(column)});
  for (const auto& item : items) {
    std::vector<Cell> row;
    for (const auto& column : columns) row.push_back(cell(text_at(item, column)));
    answer.grid.rows.push_back(std::move(row));
  }
  answer.text = [learnt, grid = answer.grid](const Screen& screen) {
    const bool is_chinese = screen.language == Language::kChinese;
    auto out = to_table(grid, screen) + not_seen_text(learnt, screen.language);
    const auto count = std::to_string(grid.rows.size());
    const auto& applied = object_at(learnt, "applied");
    if (!applied.empty())
      return out + (is_chinese ? "已核准 " + text_at(applied, "added") + " 列。\n"
                               : text_at(applied, "added") + " rows approved.\n");
    if (grid.rows.empty())
      return out + (is_chinese ? "此主機的項目均已核准。\n"
                               : "Everything that this host has is approved.\n");
    return out + (is_chinese ? "建議 " + count + " 列；加 --apply 與 --note 即予核准。\n"
                             : count + " rows proposed; --apply with --note approves them.\n");
  };
  answer.json = std::move(learnt);
  return answer;
}

Answer exported_view(Json items, const std::string& list) {
  Answer answer;
  std::string rows;
  std::string latest;
  for (const auto& item : items) {
    Json row = object_at(item, "row");
    // What an approval sets by itself, where the list has a column for it.
    const bool has_until = list == "allowlist" || list.starts_with("approved_");
    if (has_until || list == "phase_out_plans") row["approved_by"] = text_at(item, "approved_by");
    if (has_until && !text_at(item, "until").empty())
      row["approved_until"] = text_at(item, "until");
    row["note"] = text_at(item, "note");
    latest = std::max(latest, text_at(item, "approved_at").substr(0, 10));
    std::string cells;
    // A JSON text is a YAML text.
    for (const auto& [name, value] : row.items())
      cells += (cells.empty() ? "" : ", ") + name + ": " +
               value.dump(-1, ' ', false, Json::error_handler_t::replace);
    rows += "  - {" + cells + "}\n";
    answer.grid.rows.push_back({cell(cells_text(row))});
  }
  answer.grid.headings = {{"row", {"Row", "內容"}}};
  const std::string head = "# Approvals kept by the collector. For /etc/assay/content.d.\ntable: " +
                           list + "\nsource: the company\nretrieved: " +
                           (latest.empty() ? "1970-01-01" : latest) + "\n";
  answer.text = [text = head + (rows.empty() ? "rows: []\n" : "rows:\n" + rows)](const Screen&) {
    return text;
  };
  answer.json = std::move(items);
  return answer;
}

}  // namespace assay::cli
