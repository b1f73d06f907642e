#include "collector/records/approval_rows.h"

#include <algorithm>
#include <array>

#include "checks/engine/addresses.h"
#include "checks/yaml/strict_yaml.h"
#include "evidence/refusal.h"
#include "evidence/timestamp.h"

namespace assay::collector {
namespace {

using Json = nlohmann::ordered_json;

std::unexpected<Error> wrong(std::string_view column, std::string_view text, const Text& wanted) {
  return refuse(Code::kUsage, {"{}: \"{}\" is not {}", "{}：「{}」不是{}"}, column,
                text.substr(0, 60), wanted);
}

Status check_text_cell(const ApprovalList& list, std::string_view column, const std::string& text) {
  const bool is_plain = std::ranges::none_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  if (text.empty() || text.size() > kMaxApprovalCellBytes || !is_plain)
    return wrong(
        column, text,
        phrase({"a text on one line of up to 1000 bytes", "單行且不超過 1000 位元組的文字"}));
  if (column.ends_with("_until") && !evidence::from_date(text))
    return wrong(column, text, phrase({"a day; write 2026-12-31", "日期；請寫成 2026-12-31"}));
  const bool is_network = column == "network" || (column == "address");
  if (is_network && !checks::is_in_network("192.0.2.1", text) &&
      !checks::is_in_network("::1", text))
    return wrong(column, text,
                 phrase({"an address or a network (192.0.2.0/24)", "位址或網段（192.0.2.0/24）"}));
  if (column == "sha256" &&
      (text.size() != 64 || text.find_first_not_of("0123456789abcdef") != std::string::npos))
    return wrong(column, text,
                 phrase({"a SHA-256: 64 hexadecimal digits in small letters",
                         " SHA-256：須為 64 個小寫的十六進位數字"}));
  if (column == "kind" && !list.seen.empty()) {
    std::vector<std::string> kinds;
    for (const auto& seen : list.seen) kinds.push_back(seen.kind);
    if (std::ranges::find(kinds, text) == kinds.end())
      return refuse(Code::kUsage,
                    {"kind: \"{}\" is no kind of software{}", "kind：沒有「{}」這一類軟體{}"},
                    text.substr(0, 60), checks::yaml::suggested(text, kinds));
  }
  return {};
}

Status check_number_cell(std::string_view column, std::int64_t number) {
  if (column == "port" && (number < 1 || number > 65535))
    return wrong(column, std::to_string(number),
                 phrase({"a port from 1 to 65535", " 1 至 65535 的連接埠"}));
  if (column == "protocol" && number != 6 && number != 17)
    return wrong(column, std::to_string(number),
                 phrase({"6 (TCP) or 17 (UDP)", " 6（TCP）或 17（UDP）"}));
  return {};
}

// The cell as it is kept; null for none.
Result<Json> cell_of(const ApprovalList& list, const evidence::ColumnSpec& column,
                     const Json& value) {
  if (value.is_null()) return value;
  if (column.type == evidence::Type::kInteger) {
    if (!value.is_number_integer() ||
        (value.is_number_unsigned() && value.get<std::uint64_t>() > 0x7FFFFFFFU))
      return refuse(Code::kUsage, {"{}: is no whole number", "{}：不是整數"}, column.name);
    if (auto sound = check_number_cell(column.name, value.get<std::int64_t>()); !sound)
      return fail(sound.error());
    return value;
  }
  if (!value.is_string())
    return refuse(Code::kUsage, {"{}: is no text", "{}：不是文字"}, column.name);
  if (auto sound = check_text_cell(list, column.name, value.get<std::string>()); !sound)
    return fail(sound.error());
  return value;
}

// Columns of which one at least must be there: without them a row would say nothing, or approve
// everything.
Status check_complete(const ApprovalList& list, const Json& row) {
  struct Need {
    std::string_view list;
    std::vector<std::string_view> all;
    std::vector<std::string_view> one_of;
  };
  static const std::array kNeeds = {
      Need{"allowlist", {"kind"}, {"name", "publisher", "purl", "path", "sha256", "repository"}},
      Need{"approved_listeners", {"port", "protocol"}, {}},
      Need{"approved_administrators", {"username"}, {}},
      Need{"approved_resolvers", {"address"}, {}},
      Need{"support_contracts", {"product", "contract_until", "contract"}, {}},
      Need{"phase_out_plans", {"product", "planned_until"}, {}},
      Need{"networks", {"network", "zone"}, {}},
  };
  for (const auto& need : kNeeds) {
    if (need.list != list.name) continue;
    for (const auto column : need.all)
      if (!row.contains(column))
        return refuse(Code::kUsage, {"{}: is missing", "{}：未填寫"}, column);
    const bool has_one = need.one_of.empty() || std::ranges::any_of(need.one_of, [&](auto column) {
                           return row.contains(column);
                         });
    if (has_one) return {};
    Text names;
    for (const auto column : need.one_of) {
      names.en.append(names.en.empty() ? "" : ", ").append(column);
      names.zh_tw.append(names.zh_tw.empty() ? "" : "、").append(column);
    }
    return refuse(Code::kUsage, {"one of these must be given: {}", "以下欄位至少須填一項：{}"},
                  names);
  }
  return {};
}

}  // namespace

Result<std::string> approval_row(const ApprovalList& list, const Json& cells) {
  if (!cells.is_object())
    return refuse(Code::kUsage,
                  {"a row is an object of columns and values", "一列須為欄位與值組成的物件"});
  const auto& spec = list.table();
  std::vector<std::string> known;
  for (const auto& column : spec.columns)
    if (!is_set_by_approval(column.name)) known.push_back(column.name);
  for (const auto& [name, value] : cells.items())
    if (std::ranges::find(known, name) == known.end())
      return refuse(Code::kUsage,
                    {"{} has no column \"{}\" to fill in{}", "{} 沒有可填寫的欄位「{}」{}"},
                    list.name, name.substr(0, 60), checks::yaml::suggested(name, known));
  Json row = Json::object();
  for (const auto& column : spec.columns) {
    const auto found = cells.find(column.name);
    if (found == cells.end()) continue;
    auto cell = cell_of(list, column, *found);
    if (!cell) return fail(cell.error());
    if (!cell->is_null()) row[column.name] = std::move(*cell);
  }
  if (auto complete = check_complete(list, row); !complete) return fail(complete.error());
  return row.dump();
}

evidence::Row table_row(const evidence::TableSpec& spec, const Approval& approval) {
  const auto cells = Json::parse(approval.row, nullptr, false);
  evidence::Row row;
  for (const auto& column : spec.columns) {
    evidence::Value value;
    const auto found = cells.is_object() ? cells.find(column.name) : cells.end();
    if (column.name == kApprovedBy) {
      value = approval.by.name;
    } else if (column.name == kNote) {
      value = approval.note;
    } else if (column.name == kApprovedUntil) {
      if (!approval.until.empty()) value = approval.until;
    } else if (found != cells.end() && column.type == evidence::Type::kInteger) {
      if (found->is_number_integer()) value = found->get<std::int64_t>();
    } else if (found != cells.end() && found->is_string()) {
      value = found->get<std::string>();
    }
    row.push_back(std::move(value));
  }
  return row;
}

}  // namespace assay::collector
