// What is moved from store to store, in an order in which every reference finds its target.
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace assay::collector {

// Columns are read and written in this order; `kinds` has a letter for each: i number, b yes or no,
// t text, y bytes; I, T, Y, D: number, text, bytes, digest that may be NULL.
struct MovedTable {
  std::string_view name;
  std::string_view columns;
  std::string_view kinds;
  // With numbers that are given in the order of insertion, so that a move goes on behind the last.
  bool is_numbered = false;
};

[[nodiscard]] std::span<const MovedTable> moved_tables();

}  // namespace assay::collector
