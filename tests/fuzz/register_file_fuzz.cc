// An asset register as a spreadsheet or JSON, and rows of the company's lists.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "collector/records/approval_rows.h"
#include "collector/records/register_import.h"
#include "collector/records/register_tables.h"

namespace {

using namespace assay::collector;

// What was taken can be kept, and read by checks.
void keep(const assay::Result<std::vector<ImportRow>>& rows) {
  if (!rows) return;
  for (const auto& row : *rows) {
    const auto entry = with_row({}, row);
    if (!register_table(entry).defect().empty() || !change_to(entry)) std::abort();
    if (row.host.empty() || with_row(entry, row).fields != entry.fields) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  ImportProblems problems;
  keep(read_register_csv(text, &problems));
  keep(read_register_json(text, &problems));
  const auto json = nlohmann::ordered_json::parse(text, nullptr, false);
  for (const auto& list : approval_lists()) {
    if (json.is_discarded()) break;
    const auto row = approval_row(list, json);
    if (!row) continue;
    Approval approval;
    approval.row = *row;
    assay::evidence::Table table(list.table());
    table.add_row(table_row(list.table(), approval));
    if (!table.defect().empty()) std::abort();
  }
  return 0;
}
