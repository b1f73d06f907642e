#include "agent/scanner/scanned_tables.h"

#include <algorithm>

#include "evidence/canonical.h"

namespace assay::agent {

namespace {

Result<evidence::Table> declared_table(std::string_view bytes) {
  auto table = evidence::from_canonical(bytes);
  if (!table) return table;
  const auto* spec = evidence::find_table(table->header().table);
  if (spec == nullptr || spec->origin != evidence::Origin::kHost ||
      evidence::header_of(*spec) != table->header())
    return fail(Code::kInvalidData, table->header().table + ": no such table of a host");
  return table;
}

}  // namespace

Result<std::vector<evidence::Table>> scanned_tables(std::string_view bytes) {
  if (bytes.size() > kMaxScannedBytes)
    return fail(Code::kTooLarge, "the scanner's answer is larger than is read");
  std::vector<evidence::Table> tables;
  while (!bytes.empty()) {
    if (tables.size() == kMaxScannedTables)
      return fail(Code::kTooLarge, "the scanner's answer has more tables than are read");
    // Rows begin with '[', so the next line that begins with '{' is the next table's first.
    const auto next = bytes.find("\n{");
    const auto length = next == std::string_view::npos ? bytes.size() : next + 1;
    auto table = declared_table(bytes.substr(0, length));
    if (!table) return fail(table.error().within("the scanner's answer"));
    const auto& name = table->header().table;
    if (table_named(tables, name) != nullptr)
      return fail(Code::kInvalidData, "the scanner's answer: " + name + " comes twice");
    tables.push_back(*std::move(table));
    bytes.remove_prefix(length);
  }
  return tables;
}

const evidence::Table* table_named(const std::vector<evidence::Table>& tables,
                                   std::string_view name) {
  const auto found =
      std::ranges::find_if(tables, [&](const auto& table) { return table.header().table == name; });
  return found == tables.end() ? nullptr : &*found;
}

}  // namespace assay::agent
