#include "cli/views/views.h"

namespace assay::cli {

namespace {

const Json* find(const Json& json, std::string_view key) {
  if (!json.is_object()) return nullptr;
  const auto found = json.find(key);
  return found == json.end() ? nullptr : &*found;
}

}  // namespace

std::string text_of(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return {};
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string text_at(const Json& json, std::string_view key) {
  const auto* value = find(json, key);
  return value == nullptr ? std::string() : text_of(*value);
}

std::string words_at(const Json& json, std::string_view key, Language language) {
  const auto& both = object_at(json, key);
  auto words = text_at(both, language == Language::kChinese ? "zh-TW" : "en");
  while (!words.empty() && words.back() == '\n') words.pop_back();
  return words;
}

const Json& object_at(const Json& json, std::string_view key) {
  static const Json kEmpty = Json::object();
  const auto* value = find(json, key);
  return value != nullptr && value->is_object() ? *value : kEmpty;
}

const Json& array_at(const Json& json, std::string_view key) {
  static const Json kEmpty = Json::array();
  const auto* value = find(json, key);
  return value != nullptr && value->is_array() ? *value : kEmpty;
}

std::string time_at(const Json& json, std::string_view key) {
  auto text = text_at(json, key);
  if (text.empty()) return "–";
  if (text.size() != 20 || text[10] != 'T') return text;
  return text.substr(0, 10) + ' ' + text.substr(11, 5) + " UTC";
}

std::string joined(const Json& texts) {
  std::string out;
  if (!texts.is_array()) return out;
  for (const auto& text : texts) out += (out.empty() ? "" : ", ") + text_of(text);
  return out;
}

std::string place_of(const Json& finding) {
  const auto& row = object_at(finding, "row");
  const auto source = text_at(row, "source");
  if (source.starts_with('/')) {
    const auto line = text_at(row, "line");
    return line.empty() ? source : source + ':' + line;
  }
  std::string out;
  for (const auto& [name, value] : object_at(finding, "key").items())
    out += (out.empty() ? "" : ", ") + name + '=' + text_of(value);
  return out;
}

Grid rows_grid(const Json& rows) {
  Grid grid;
  const auto column = [&grid](const std::string& name) {
    for (std::size_t i = 0; i < grid.headings.size(); ++i)
      if (grid.headings[i].name == name) return i;
    grid.headings.push_back({name, {name, name}, false});
    return grid.headings.size() - 1;
  };
  for (const auto& row : rows) {
    if (!row.is_object()) continue;
    auto& cells = grid.rows.emplace_back();
    for (const auto& [name, value] : row.items()) {
      const auto at = column(name);
      if (cells.size() <= at) cells.resize(at + 1);
      cells[at] = value.is_null() ? cell("NULL", "", Colour::kDim) : cell(text_of(value));
    }
  }
  for (auto& row : grid.rows) row.resize(grid.headings.size());
  return grid;
}

std::string short_id(std::string_view digest) {
  return std::string(digest.substr(0, 12));
}

}  // namespace assay::cli
