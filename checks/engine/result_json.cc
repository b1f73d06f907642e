#include <nlohmann/json.hpp>

#include "checks/engine/evaluation.h"
#include "evidence/canonical.h"

namespace assay::checks {

namespace {

using nlohmann::ordered_json;

constexpr std::array<std::string_view, 7> kStates = {"pass",  "not_applicable", "manual", "waived",
                                                     "stale", "unknown",        "fail"};

// As nlohmann/json writes it, which replaces bytes that are not UTF-8 by U+FFFD.
void append_text(std::string& out, std::string_view text) {
  const auto start = out.size();
  evidence::append_json_string(out, text);
  // It has its own escape for such bytes.
  if (out.find("\\udc", start) == std::string::npos) return;
  out.resize(start);
  out += ordered_json(text).dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

void append_cell(std::string& out, const evidence::Value& value) {
  if (const auto* text = std::get_if<std::string>(&value))
    append_text(out, *text);
  else if (const auto* number = std::get_if<std::int64_t>(&value))
    out += std::to_string(*number);
  else
    out += "null";
}

void append_rows(std::string& out, const std::vector<ResultRow>& rows) {
  out += '[';
  for (const auto& row : rows) {
    if (&row != rows.data()) out += ',';
    out += '{';
    for (const auto& cell : row.cells) {
      if (&cell != row.cells.data()) out += ',';
      append_text(out, cell.first);
      out += ':';
      append_cell(out, cell.second);
    }
    out += '}';
  }
  out += ']';
}

std::vector<ResultRow> read_rows(const ordered_json& in) {
  std::vector<ResultRow> rows;
  for (const auto& object : in) {
    ResultRow row;
    for (const auto& [name, value] : object.items()) {
      evidence::Value cell;
      if (value.is_number_integer())
        cell = value.get<std::int64_t>();
      else if (value.is_string())
        cell = value.get<std::string>();
      row.cells.emplace_back(name, std::move(cell));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

std::string_view name_of(State state) {
  return kStates[static_cast<std::size_t>(state)];
}

std::optional<State> state_from(std::string_view name) {
  const auto found = std::ranges::find(kStates, name);
  if (found == kStates.end()) return std::nullopt;
  return static_cast<State>(found - kStates.begin());
}

std::string to_json(const CheckResult& result) {
  std::string out("{\"state\":\"");
  out += name_of(result.state);
  out += "\",\"reason\":";
  append_text(out, result.reason);
  out += ",\"rows\":";
  append_rows(out, result.rows);
  out += ",\"row_count\":" + std::to_string(result.row_count) + ",\"facts\":";
  append_rows(out, result.facts);
  return out += '}';
}

Result<CheckResult> result_from_json(std::string_view json) {
  try {
    const auto in = ordered_json::parse(json);
    CheckResult result;
    const auto state = state_from(in.at("state").get<std::string>());
    if (!state) return fail(Code::kInvalidData, "a result of an unknown state");
    result.state = *state;
    in.at("reason").get_to(result.reason);
    result.rows = read_rows(in.at("rows"));
    in.at("row_count").get_to(result.row_count);
    result.facts = read_rows(in.at("facts"));
    return result;
  } catch (const ordered_json::exception& error) {
    return fail(Code::kInvalidData, std::string("a damaged result: ") + error.what());
  }
}

}  // namespace assay::checks
