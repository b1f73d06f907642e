// A report as rows under named columns, and its two forms in an auditor's pack: for spreadsheets
// and for programs. The same rows are the same bytes. Pure.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace assay::collector::api {

struct Sheet {
  std::string name;                  // of its files, without ending
  std::vector<std::string> columns;  // as programs know them
  // Texts, whole numbers, true, false or null; each row as long as `columns`.
  std::vector<std::vector<nlohmann::ordered_json>> rows;
};

// RFC 4180 with CRLF and, for Excel, a byte order mark. A cell that a spreadsheet would take for a
// formula begins with an apostrophe.
[[nodiscard]] std::string to_csv(const Sheet& sheet);
// An array with an object for each row, one on a line.
[[nodiscard]] std::string to_json_text(const Sheet& sheet);

}  // namespace assay::collector::api
