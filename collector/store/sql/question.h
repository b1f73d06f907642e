// How questions are put together, and cursors that hold several fields.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace assay::collector::sql {

[[nodiscard]] inline std::string sql(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const auto part : parts) text += part;
  return text;
}

// Fields of a cursor that hold no line break, joined by one.
[[nodiscard]] inline std::vector<std::string> split_cursor(std::string_view cursor,
                                                           std::size_t fields) {
  std::vector<std::string> parts;
  for (std::size_t end = 0; end != std::string_view::npos;) {
    end = cursor.find('\n');
    parts.emplace_back(cursor.substr(0, end));
    if (end != std::string_view::npos) cursor.remove_prefix(end + 1);
  }
  parts.resize(fields);
  return parts;
}

// What a question names is a condition of its own, so that an index can answer it: "all of them or
// this one" in one condition reads every host's rows to find one host's. Where it names nothing,
// the parameter is empty text, and the condition says only that.
[[nodiscard]] inline std::string_view asked(bool is_named, std::string_view condition,
                                            std::string_view otherwise) {
  return is_named ? condition : otherwise;
}

}  // namespace assay::collector::sql
