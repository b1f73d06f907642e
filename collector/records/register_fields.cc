#include "collector/records/register_fields.h"

#include <algorithm>
#include <array>

#include "collector/records/words.h"
#include "evidence/refusal.h"
#include "evidence/schema.h"
#include "evidence/timestamp.h"

namespace assay::collector {
namespace {

using Kind = RegisterField::Kind;

struct Word {
  std::string_view text;
  std::int64_t value;
};
constexpr std::array<Word, 10> kYesNo = {{{"1", 1},
                                          {"yes", 1},
                                          {"y", 1},
                                          {"true", 1},
                                          {"是", 1},
                                          {"0", 0},
                                          {"no", 0},
                                          {"n", 0},
                                          {"false", 0},
                                          {"否", 0}}};
constexpr std::array<Word, 9> kGrades = {{{"1", 1},
                                          {"ordinary", 1},
                                          {"普", 1},
                                          {"2", 2},
                                          {"medium", 2},
                                          {"中", 2},
                                          {"3", 3},
                                          {"high", 3},
                                          {"高", 3}}};
struct Environment {
  std::string_view name;
  std::string_view zh_tw;
};
constexpr std::array<Environment, 3> kEnvironments = {
    {{"production", "正式"}, {"test", "測試"}, {"development", "開發"}}};

std::vector<RegisterField> make_fields() {
  struct Known {
    const char* name;
    Kind kind;
    Text label;
  };
  const Known known[] = {
      {"system_name", Kind::kText, {"Information system", "資通系統及資訊名稱"}},
      {"asset_name", Kind::kText, {"Asset name", "資產名稱"}},
      {"asset_class", Kind::kText, {"Asset class", "資產類別"}},
      {"owner", Kind::kText, {"Owner", "擁有者"}},
      {"custodian", Kind::kText, {"Custodian", "管理者"}},
      {"user", Kind::kText, {"User", "使用者"}},
      {"location", Kind::kText, {"Location", "存放位置"}},
      {"zone", Kind::kText, {"Network zone", "網路區域"}},
      {"environment", Kind::kEnvironment, {"Environment", "環境"}},
      {"is_core", Kind::kYesNo, {"Core system", "核心資通系統"}},
      {"confidentiality", Kind::kGrade, {"Confidentiality", "機密性"}},
      {"integrity", Kind::kGrade, {"Integrity", "完整性"}},
      {"availability", Kind::kGrade, {"Availability", "可用性"}},
      {"compliance", Kind::kGrade, {"Legal compliance", "法律遵循性"}},
      {"holds_personal_data", Kind::kYesNo, {"Personal data", "保有個人資料"}},
      {"property_number", Kind::kText, {"Property number", "財產編號"}},
      {"make", Kind::kText, {"Make", "廠牌"}},
      {"model", Kind::kText, {"Model", "型號"}},
      {"reviewed", Kind::kDay, {"Last review", "檢視日期"}},
  };
  // The table says which fields there are; one that this list does not know is a text.
  std::vector<RegisterField> fields;
  for (const auto& column : evidence::find_table("host_register")->columns) {
    RegisterField field{column.name, Kind::kText, {column.name, column.name}};
    for (const auto& one : known)
      if (one.name == column.name) field = {one.name, one.kind, one.label};
    fields.push_back(std::move(field));
  }
  return fields;
}

// One line without control characters, and without the apostrophe of our own CSV files.
std::string plain(std::string_view text) {
  auto out = trimmed(text);
  for (auto& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  if (out.size() > 1 && out.front() == '\'' && std::string_view("=+-@").contains(out[1]))
    out.erase(0, 1);
  return out;
}

Result<std::int64_t> number_of(std::span<const Word> words, const std::string& text,
                               const Text& wanted) {
  const auto small = lower(text);
  for (const auto& word : words)
    if (word.text == small) return word.value;
  return refuse(Code::kUsage, {"\"{}\" is not {}", "「{}」不是{}"}, text.substr(0, 40), wanted);
}

Result<evidence::Value> day_of(std::string text) {
  std::ranges::replace(text, '/', '-');
  // Spreadsheets write 2026/1/5.
  const auto first = text.find('-');
  const auto second = text.find('-', first + 1);
  if (first == 4 && second != std::string::npos) {
    if (second == 6) text.insert(5, "0");
    if (text.size() == 9) text.insert(8, "0");
  }
  if (!evidence::from_date(text))
    return refuse(Code::kUsage,
                  {"\"{}\" is no day; write 2026-11-21", "「{}」不是日期；請寫成 2026-11-21"},
                  text.substr(0, 40));
  return text;
}

Result<evidence::Value> environment_of(const std::string& text) {
  const auto small = lower(text);
  for (const auto& environment : kEnvironments)
    if (environment.name == small || environment.zh_tw == text)
      return std::string(environment.name);
  return refuse(Code::kUsage,
                {"\"{}\" is not production, test or development",
                 "「{}」不是 production、test 或 development"},
                text.substr(0, 40));
}

}  // namespace

std::span<const RegisterField> register_fields() {
  static const auto kFields = make_fields();
  return kFields;
}

const RegisterField* find_register_field(std::string_view word) {
  const auto wanted = lower(trimmed(word));
  for (const auto& field : register_fields())
    if (field.name == wanted || lower(field.label.en) == wanted || field.label.zh_tw == wanted)
      return &field;
  return nullptr;
}

Result<evidence::Value> field_value(const RegisterField& field, std::string_view text) {
  const auto written = plain(text);
  if (written.empty()) return evidence::kNull;
  switch (field.kind) {
    case Kind::kYesNo:
      return number_of(kYesNo, written, phrase({"1 (yes) or 0 (no)", " 1（是）或 0（否）"}));
    case Kind::kGrade:
      return number_of(
          kGrades, written,
          phrase({"a grade from 1 (ordinary) to 3 (high)", " 1（普）至 3（高）的等級"}));
    case Kind::kDay: return day_of(written);
    case Kind::kEnvironment: return environment_of(written);
    case Kind::kText: break;
  }
  if (written.size() > kMaxFieldBytes)
    return refuse(Code::kUsage, {"longer than {} bytes", "超過 {} 位元組"}, kMaxFieldBytes);
  return written;
}

std::string field_text(const RegisterField& field, const evidence::Value& value,
                       Language language) {
  const auto text = evidence::to_text(value);
  if (text.empty()) return {};
  const bool is_english = language == Language::kEnglish;
  if (field.kind == Kind::kYesNo)
    return text == "1" ? (is_english ? "yes" : "是") : (is_english ? "no" : "否");
  if (field.kind == Kind::kGrade) {
    static const std::array<Text, 3> kWords = {Text{"ordinary", "普"}, Text{"medium", "中"},
                                               Text{"high", "高"}};
    const auto grade = text == "1" ? 0U : text == "2" ? 1U : 2U;
    return kWords.at(grade).in(language);
  }
  if (field.kind == Kind::kEnvironment && !is_english)
    for (const auto& environment : kEnvironments)
      if (environment.name == text) return std::string(environment.zh_tw);
  return text;
}

Status check_groups(const std::vector<std::string>& groups) {
  if (groups.size() > kMaxGroups)
    return refuse(Code::kUsage, {"more than {} groups", "超過 {} 個群組"}, kMaxGroups);
  for (const auto& group : groups) {
    const bool is_plain = std::ranges::none_of(group, [](char c) {
      return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == ',' || c == ';';
    });
    if (group.empty() || group.size() > kMaxGroupBytes || !is_plain || group.contains("、"))
      return refuse(Code::kUsage,
                    {"\"{}\" is no name of a group: up to {} bytes, no comma",
                     "「{}」不能作為群組名稱：最多 {} 位元組，且不得有逗號"},
                    group.substr(0, 40), kMaxGroupBytes);
  }
  return {};
}

Result<std::vector<std::string>> groups_in(std::string_view text) {
  std::string list = plain(text);
  for (const std::string_view between : {";", "、", "，", "；"})
    for (auto at = list.find(between); at != std::string::npos; at = list.find(between, at))
      list.replace(at, between.size(), ",");
  std::vector<std::string> groups;
  for (std::size_t at = 0; at <= list.size();) {
    const auto end = std::min(list.find(',', at), list.size());
    if (auto group = trimmed(std::string_view(list).substr(at, end - at)); !group.empty())
      groups.push_back(std::move(group));
    at = end + 1;
  }
  std::ranges::sort(groups);
  groups.erase(std::ranges::unique(groups).begin(), groups.end());
  if (auto sound = check_groups(groups); !sound) return fail(sound.error());
  return groups;
}

RegisterJson fields_of(std::string_view json) {
  auto fields = RegisterJson::parse(json, nullptr, false);
  return fields.is_object() ? fields : RegisterJson::object();
}

evidence::Value value_in(const RegisterJson& fields, std::string_view name) {
  const auto found = fields.find(name);
  if (found == fields.end()) return evidence::kNull;
  if (found->is_number_integer()) return found->get<std::int64_t>();
  if (found->is_string()) return found->get<std::string>();
  return evidence::kNull;
}

}  // namespace assay::collector
