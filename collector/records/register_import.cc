#include "collector/records/register_import.h"

#include <algorithm>

#include "checks/yaml/strict_yaml.h"
#include "collector/records/asset_columns.h"
#include "collector/records/csv.h"
#include "collector/records/words.h"
#include "evidence/refusal.h"

namespace assay::collector {
namespace {

// What a column of the file is.
struct ImportColumn {
  enum class Kind { kHost, kGroups, kField, kPassedOver } kind = Kind::kPassedOver;
  const RegisterField* field = nullptr;
};

std::optional<ImportColumn> column_of(std::string_view heading) {
  using Kind = ImportColumn::Kind;
  const auto word = lower(trimmed(heading));
  if (const auto* field = find_register_field(word)) return ImportColumn{Kind::kField, field};
  for (const auto* host : {"host", "主機"})
    if (word == host) return ImportColumn{Kind::kHost, nullptr};
  for (const auto* groups : {"groups", "主機群組"})
    if (word == groups) return ImportColumn{Kind::kGroups, nullptr};
  if (is_asset_fact(word)) return ImportColumn{};
  return std::nullopt;
}

std::vector<std::string> known_headings() {
  std::vector<std::string> names = {"host", "groups"};
  for (const auto& field : register_fields()) names.push_back(field.name);
  return names;
}

Result<std::vector<ImportColumn>> columns_of(const CsvRow& headings) {
  std::vector<ImportColumn> columns;
  std::map<std::string, int> seen;
  bool has_host = false;
  for (const auto& heading : headings.cells) {
    const auto column = trimmed(heading).empty() ? ImportColumn{} : column_of(heading);
    if (!column)
      return refuse(Code::kInvalidData,
                    {"line {}: no column of the register is called \"{}\"{}",
                     "第 {} 行：資產清冊沒有「{}」這個欄位{}"},
                    headings.line, heading.substr(0, 60),
                    checks::yaml::suggested(lower(trimmed(heading)), known_headings()));
    const auto name = column->field != nullptr                      ? column->field->name
                      : column->kind == ImportColumn::Kind::kHost   ? "host"
                      : column->kind == ImportColumn::Kind::kGroups ? "groups"
                                                                    : std::string();
    if (!name.empty() && ++seen[name] > 1)
      return refuse(Code::kInvalidData, {"line {}: two columns are {}", "第 {} 行：有兩個 {} 欄位"},
                    headings.line, name);
    has_host = has_host || column->kind == ImportColumn::Kind::kHost;
    columns.push_back(*column);
  }
  if (!has_host)
    return refuse(Code::kInvalidData,
                  {"line {}: no column is called host; the first line names the columns",
                   "第 {} 行：沒有名為 host 的欄位；第一行須為欄位名稱"},
                  headings.line);
  return columns;
}

// False after a complaint.
bool set_cell(const ImportColumn& column, const std::string& text, ImportRow* row,
              ImportProblems* problems) {
  if (column.kind == ImportColumn::Kind::kHost) row->host = trimmed(text);
  if (column.kind == ImportColumn::Kind::kGroups) {
    auto groups = groups_in(text);
    if (!groups) {
      problems->add(row->line, groups.error().within("groups").text());
      return false;
    }
    row->groups = std::move(*groups);
  }
  if (column.kind != ImportColumn::Kind::kField) return true;
  auto value = field_value(*column.field, text);
  if (!value) {
    problems->add(row->line, value.error().within(column.field->name).text());
    return false;
  }
  row->fields[column.field] = std::move(*value);
  return true;
}

std::optional<ImportRow> row_of(const CsvRow& cells, const std::vector<ImportColumn>& columns,
                                ImportProblems* problems) {
  ImportRow row;
  row.line = cells.line;
  if (cells.cells.size() > columns.size()) {
    problems->add(row.line,
                  phrase({"more cells than the first line has columns", "儲存格多於第一行的欄位"}));
    return std::nullopt;
  }
  bool is_sound = true;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    // Spreadsheets leave out empty cells at the end of a line.
    const auto text = i < cells.cells.size() ? cells.cells[i] : std::string();
    is_sound = set_cell(columns[i], text, &row, problems) && is_sound;
  }
  if (row.host.empty()) {
    problems->add(row.line, phrase({"host: is missing", "host：未填寫"}));
    return std::nullopt;
  }
  return is_sound ? std::optional(std::move(row)) : std::nullopt;
}

// Texts, whole numbers, true and false, and a list of groups; nullopt for anything else.
std::optional<std::string> json_text(const RegisterJson& value) {
  if (value.is_null()) return std::string();
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "1" : "0";
  if (value.is_number_integer()) return value.dump();
  if (!value.is_array()) return std::nullopt;
  std::string all;
  for (const auto& one : value) {
    if (!one.is_string()) return std::nullopt;
    all += one.get<std::string>() + ",";
  }
  return all;
}

std::optional<ImportRow> row_of(const RegisterJson& object, std::size_t number,
                                ImportProblems* problems) {
  ImportRow row;
  row.line = number;
  if (!object.is_object()) {
    problems->add(number, phrase({"is no object", "不是物件"}));
    return std::nullopt;
  }
  bool is_sound = true;
  for (const auto& [name, value] : object.items()) {
    const auto column = column_of(name);
    const auto text = json_text(value);
    if (!column)
      problems->add(number,
                    phrase({"there is no field \"{}\"{}", "沒有欄位「{}」{}"}, name.substr(0, 60),
                           checks::yaml::suggested(name, known_headings())));
    else if (!text || (value.is_array() && column->kind != ImportColumn::Kind::kGroups))
      problems->add(
          number,
          phrase({"{}: neither a text nor a whole number", "{}：既不是文字，也不是整數"}, name));
    is_sound = column && text && set_cell(*column, *text, &row, problems) && is_sound;
  }
  if (row.host.empty()) problems->add(number, phrase({"host: is missing", "host：未填寫"}));
  return is_sound && !row.host.empty() ? std::optional(std::move(row)) : std::nullopt;
}

}  // namespace

void ImportProblems::add(std::size_t line, Text message) {
  ++count_;
  if (problems_.size() < kMaxProblems) problems_.push_back({line, std::move(message)});
}

Text ImportProblems::text() const {
  Text out;
  const auto add_line = [&out](const Text& line) {
    const auto* end = out.en.empty() ? "" : "\n";
    out.en.append(end).append(line.en);
    out.zh_tw.append(end).append(line.zh_tw);
  };
  for (const auto& problem : problems_)
    add_line(phrase({"line {}: {}", "第 {} 行：{}"}, problem.line, problem.message));
  if (count_ > problems_.size())
    add_line(phrase({"and {} more", "另有 {} 項"}, count_ - problems_.size()));
  return out;
}

Result<std::vector<ImportRow>> read_register_csv(std::string_view text, ImportProblems* problems) {
  CsvReader reader(text);
  auto headings = reader.next();
  if (!headings) return fail(headings.error());
  if (!*headings) return refuse(Code::kInvalidData, {"the file is empty", "檔案是空的"});
  const auto columns = columns_of(**headings);
  if (!columns) return fail(columns.error());
  std::vector<ImportRow> rows;
  for (std::size_t count = 0;;) {
    auto cells = reader.next();
    if (!cells) return fail(cells.error());
    if (!*cells) return rows;
    if (++count > kMaxImportRows)
      return refuse(Code::kTooLarge, {"more than {} rows", "超過 {} 列"}, kMaxImportRows);
    if (auto row = row_of(**cells, *columns, problems)) rows.push_back(std::move(*row));
  }
}

Result<std::vector<ImportRow>> read_register_json(std::string_view text, ImportProblems* problems) {
  // Flat by nature; what is nested deeper is hostile.
  constexpr int kMaxDepth = 4;
  bool is_too_deep = false;
  const auto json = RegisterJson::parse(
      text,
      [&](int depth, RegisterJson::parse_event_t, RegisterJson&) {
        is_too_deep = is_too_deep || depth > kMaxDepth;
        return depth <= kMaxDepth;
      },
      false);
  if (json.is_discarded() || is_too_deep || !json.is_array())
    return refuse(Code::kInvalidData,
                  {"the file is no JSON list of objects", "檔案內容不是由物件組成的 JSON 清單"});
  if (json.size() > kMaxImportRows)
    return refuse(Code::kTooLarge, {"more than {} rows", "超過 {} 列"}, kMaxImportRows);
  std::vector<ImportRow> rows;
  std::size_t number = 0;
  for (const auto& object : json)
    if (auto row = row_of(object, ++number, problems)) rows.push_back(std::move(*row));
  return rows;
}

HostFinder::HostFinder(const std::vector<Host>& hosts) {
  for (const auto& host : hosts) {
    if (host.state != HostState::kActive) continue;
    by_word_[host.id].push_back(&host);
    if (const auto name = lower(host.name); name != host.id) by_word_[name].push_back(&host);
  }
}

std::vector<const Host*> HostFinder::find(std::string_view word) const {
  const auto found = by_word_.find(lower(word));
  return found == by_word_.end() ? std::vector<const Host*>() : found->second;
}

std::vector<FieldChange> differences(const RegisterEntry& before, const RegisterEntry& after) {
  std::vector<FieldChange> out;
  const auto old_fields = fields_of(before.fields);
  const auto new_fields = fields_of(after.fields);
  for (const auto& field : register_fields()) {
    const auto old_value = value_in(old_fields, field.name);
    const auto new_value = value_in(new_fields, field.name);
    if (old_value != new_value)
      out.push_back({field.name, evidence::to_text(old_value), evidence::to_text(new_value)});
  }
  const auto all = [](const std::vector<std::string>& groups) {
    std::string text;
    for (const auto& group : groups) text += (text.empty() ? "" : ", ") + group;
    return text;
  };
  if (before.groups != after.groups)
    out.push_back({"groups", all(before.groups), all(after.groups)});
  return out;
}

RegisterEntry with_row(RegisterEntry before, const ImportRow& row) {
  const auto old_fields = fields_of(before.fields);
  auto fields = RegisterJson::object();
  for (const auto& field : register_fields()) {
    const auto written = row.fields.find(&field);
    const auto value =
        written == row.fields.end() ? value_in(old_fields, field.name) : written->second;
    if (const auto* number = std::get_if<std::int64_t>(&value)) fields[field.name] = *number;
    if (const auto* text = std::get_if<std::string>(&value)) fields[field.name] = *text;
  }
  before.fields = fields.dump();
  if (row.groups) before.groups = *row.groups;
  return before;
}

ImportPlan plan_import(const std::vector<ImportRow>& rows, const HostFinder& hosts,
                       const std::map<std::string, RegisterEntry>& entries,
                       ImportProblems* problems) {
  ImportPlan plan;
  std::map<std::string, std::size_t> lines;  // by host id, or by name where there is no host
  for (const auto& row : rows) {
    const auto found = hosts.find(row.host);
    if (found.size() > 1) {
      problems->add(row.line,
                    phrase({"host: several hosts are called {}; name the one you mean by its id",
                            "host：有多部主機名為 {}；請改以主機識別碼指定"},
                           row.host.substr(0, 60)));
      continue;
    }
    const auto id = found.empty() ? "name " + lower(row.host) : found.front()->id;
    const auto [first, is_new] = lines.emplace(id, row.line);
    if (!is_new) {
      problems->add(row.line,
                    phrase({"host: {} is in line {} already", "host：{} 已出現於第 {} 行"},
                           row.host.substr(0, 60), first->second));
      continue;
    }
    if (found.empty()) {
      plan.unmatched.push_back(row);
      continue;
    }
    const auto known = entries.find(id);
    RegisterEntry before;
    if (known != entries.end()) before = known->second;
    before.host_id = id;
    auto after = with_row(before, row);
    if (differences(before, after).empty())
      ++plan.unchanged;
    else
      plan.changes.push_back({found.front(), row.line, std::move(before), std::move(after)});
  }
  return plan;
}

}  // namespace assay::collector
