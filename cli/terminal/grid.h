// Rows under headings, and their two forms for people: a table on a terminal and a CSV file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/terminal/screen.h"
#include "evidence/text.h"

namespace assay::cli {

struct Heading {
  std::string name;        // stable, for CSV: "first_seen"
  Text label;              // for people; a column without a label is in the CSV file only
  bool is_number = false;  // stands to the right
};

struct Cell {
  std::string shown;  // on the terminal
  std::string plain;  // in CSV
  Colour colour = Colour::kPlain;
};
[[nodiscard]] Cell cell(std::string text);
[[nodiscard]] Cell cell(std::string shown, std::string plain, Colour colour);

struct Grid {
  std::vector<Heading> headings;
  std::vector<std::vector<Cell>> rows;  // each as long as `headings`
};

// Columns are aligned, and made narrower with wrapped cells where the screen is too small. Empty
// for a grid without rows.
[[nodiscard]] std::string to_table(const Grid& grid, const Screen& screen);

// RFC 4180 with CRLF and, for Excel, a byte order mark. A cell that a spreadsheet would take for a
// formula begins with an apostrophe.
[[nodiscard]] std::string to_csv(const Grid& grid);
// One cell of such a file.
[[nodiscard]] std::string csv_cell(std::string_view text);

}  // namespace assay::cli
