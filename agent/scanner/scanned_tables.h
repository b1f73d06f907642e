// What assay-scanner writes: tables in canonical form, one behind the other.
#pragma once

#include <string_view>
#include <vector>

#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::agent {

inline constexpr std::size_t kMaxScannedBytes = 128U << 20U;
inline constexpr std::size_t kMaxScannedTables = 16;

// Hostile input: the scanner talks to whoever answers. kInvalidData unless every table is in
// canonical form, is declared with exactly these columns as a table of a host, and comes once;
// kTooLarge over the limits above.
[[nodiscard]] Result<std::vector<evidence::Table>> scanned_tables(std::string_view bytes);
// The one of this name; nullptr: it is not among them.
[[nodiscard]] const evidence::Table* table_named(const std::vector<evidence::Table>& tables,
                                                 std::string_view name);

}  // namespace assay::agent
