#include "collector/api/pack/sheet.h"

#include <string_view>

namespace assay::collector::api {

namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void append_cell(std::string& out, const Json& value) {
  if (value.is_null()) return;
  std::string text = dumped(value);
  if (value.is_string()) {
    // What is no UTF-8 has been replaced, as in the other form.
    text = Json::parse(text).get<std::string>();
    if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
      text.insert(text.begin(), '\'');
  }
  if (text.find_first_of(",\"\r\n") == std::string::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) out.append(c == '"' ? 2U : 1U, c);
  out += '"';
}

}  // namespace

std::string to_csv(const Sheet& sheet) {
  std::string out = "\xEF\xBB\xBF";
  for (std::size_t i = 0; i < sheet.columns.size(); ++i)
    out.append(i == 0 ? "" : ",").append(sheet.columns[i]);
  out += "\r\n";
  for (const auto& row : sheet.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += ',';
      append_cell(out, row[i]);
    }
    out += "\r\n";
  }
  return out;
}

std::string to_json_text(const Sheet& sheet) {
  std::string out = "[";
  bool is_first = true;
  for (const auto& row : sheet.rows) {
    Json object = Json::object();
    for (std::size_t i = 0; i < row.size(); ++i) object[sheet.columns[i]] = row[i];
    out.append(is_first ? "\n" : ",\n").append(dumped(object));
    is_first = false;
  }
  return out + "\n]\n";
}

}  // namespace assay::collector::api
