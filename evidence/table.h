// A table of evidence: typed rows under a declared header, or the reason why
// there are none.
//
// A Table is a plain value; it is not safe to change from two threads at once.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "evidence/result.h"
#include "evidence/schema.h"

namespace assay::evidence {

// NULL, an integer, or text. Text may hold any bytes; the canonical form
// escapes those that are not UTF-8 without loss.
using Value = std::variant<std::monostate, std::int64_t, std::string>;
using Row = std::vector<Value>;

inline constexpr std::monostate kNull{};

struct Column {
  std::string name;
  Type type = Type::kText;
  bool operator==(const Column&) const = default;
};

// What a blob says of itself in its first line.
struct Header {
  std::string table;
  std::int64_t version = 1;
  std::vector<Column> columns;
  bool operator==(const Header&) const = default;
};

[[nodiscard]] Header header_of(const TableSpec& spec);

class Table {
 public:
  // An empty table: the probe looked and found nothing. `spec` must outlive the Table
  // only during the call.
  explicit Table(const TableSpec& spec) : header_(header_of(spec)) {}
  explicit Table(Header header) : header_(std::move(header)) {}

  // Adds a row by column name; columns not named are NULL. A name that the table
  // does not have, or a value of the wrong type, is a fault of the program and
  // makes `defect()` say so (probes' unit tests and the scan check it).
  void add(std::initializer_list<std::pair<std::string_view, Value>> cells);
  // Adds a row by position. Same rule about defects.
  void add_row(Row row);

  [[nodiscard]] const Header& header() const { return header_; }
  [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }
  [[nodiscard]] const std::string& defect() const { return defect_; }

  // The value at `row`, by column name; NULL when there is no such column.
  [[nodiscard]] const Value& at(std::size_t row, std::string_view column) const;

 private:
  Header header_;
  std::vector<Row> rows_;
  std::string defect_;
};

// "" for NULL, decimal digits for an integer.
[[nodiscard]] std::string to_text(const Value& value);

}  // namespace assay::evidence
