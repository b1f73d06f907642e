#include "evidence/table.h"

#include <algorithm>

namespace assay::evidence {

std::optional<std::size_t> TableSpec::column(std::string_view column_name) const {
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i].name == column_name) return i;
  return std::nullopt;
}

Header header_of(const TableSpec& spec) {
  Header header{spec.name, spec.version, {}};
  header.columns.reserve(spec.columns.size());
  for (const auto& column : spec.columns) header.columns.push_back({column.name, column.type});
  return header;
}

namespace {

bool fits(const Value& value, Type type) {
  if (std::holds_alternative<std::monostate>(value)) return true;
  return std::holds_alternative<std::int64_t>(value) == (type == Type::kInteger);
}

}  // namespace

void Table::add(std::initializer_list<std::pair<std::string_view, Value>> cells) {
  Row row(header_.columns.size());
  for (const auto& [name, value] : cells) {
    const auto column = std::ranges::find(header_.columns, name, &Column::name);
    if (column == header_.columns.end()) {
      defect_ = header_.table + " has no column " + std::string(name);
      continue;
    }
    row[static_cast<std::size_t>(column - header_.columns.begin())] = value;
  }
  add_row(std::move(row));
}

void Table::add_row(Row row) {
  if (row.size() != header_.columns.size()) {
    defect_ = header_.table + ": a row with " + std::to_string(row.size()) + " cells";
    row.resize(header_.columns.size());
  }
  for (std::size_t i = 0; i < row.size(); ++i)
    if (!fits(row[i], header_.columns[i].type))
      defect_ = header_.table + "." + header_.columns[i].name + ": a value of another type";
  rows_.push_back(std::move(row));
}

const Value& Table::at(std::size_t row, std::string_view column) const {
  static const Value kMissing;
  const auto found = std::ranges::find(header_.columns, column, &Column::name);
  if (row >= rows_.size() || found == header_.columns.end()) return kMissing;
  return rows_[row][static_cast<std::size_t>(found - header_.columns.begin())];
}

std::string to_text(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return {};
}

}  // namespace assay::evidence
