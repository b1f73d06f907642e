#include <nlohmann/json.hpp>

#include "checks/engine/evaluation.h"

namespace assay::checks {

namespace {

using nlohmann::ordered_json;

constexpr std::array<std::string_view, 7> kStates = {"pass",  "not_applicable", "manual", "waived",
                                                     "stale", "unknown",        "fail"};

ordered_json write(const std::vector<ResultRow>& rows) {
  auto out = ordered_json::array();
  for (const auto& row : rows) {
    auto object = ordered_json::object();
    for (const auto& [name, value] : row.cells) {
      if (const auto* number = std::get_if<std::int64_t>(&value))
        object[name] = *number;
      else if (const auto* text = std::get_if<std::string>(&value))
        object[name] = *text;
      else
        object[name] = nullptr;
    }
    out.push_back(std::move(object));
  }
  return out;
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
  ordered_json out;
  out["state"] = name_of(result.state);
  out["reason"] = result.reason;
  out["rows"] = write(result.rows);
  out["row_count"] = result.row_count;
  out["facts"] = write(result.facts);
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
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
