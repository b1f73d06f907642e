// Looks into tables the way a test wants to read: by column, with NULL as "NULL".
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "evidence/table.h"

namespace assay::agent {

// The row's cells in the given columns, joined with "|".
inline std::string row(const evidence::Table& table, std::size_t index,
                       const std::vector<std::string_view>& columns) {
  std::string out;
  for (const auto column : columns) {
    const auto& value = table.at(index, column);
    if (!out.empty()) out += '|';
    out += value == evidence::Value{} ? "NULL" : evidence::to_text(value);
  }
  return out;
}

// A cell of the row where `key` is `wanted`; "no such row" if there is none.
inline std::string cell(const evidence::Table& table, std::string_view key, std::string_view wanted,
                        std::string_view column) {
  for (std::size_t i = 0; i < table.rows().size(); ++i)
    if (evidence::to_text(table.at(i, key)) == wanted) return row(table, i, {column});
  return "no such row";
}

// The table, which must be whole and true to its declaration.
inline evidence::Table good(Result<evidence::Table> table) {
  if (!table) {
    ADD_FAILURE() << table.error().message();
    return evidence::Table(evidence::Header{});
  }
  EXPECT_EQ(table->defect(), "");
  return *std::move(table);
}

}  // namespace assay::agent
