// Rows of the company's lists: from what people write to what checks read. Pure; any thread.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "collector/records/approval_list.h"
#include "collector/store/approval.h"
#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::collector {

inline constexpr std::size_t kMaxApprovalCellBytes = 1000;

// `cells` (an object: column → text, whole number or null) as Approval::row. kUsage, with the
// column: not the list's, set by the approval itself, of another type, no day, no address, … A row
// that would approve everything is refused.
[[nodiscard]] Result<std::string> approval_row(const ApprovalList& list,
                                               const nlohmann::ordered_json& cells);

// The row that checks read. Cells that the table no longer has are left out.
[[nodiscard]] evidence::Row table_row(const evidence::TableSpec& spec, const Approval& approval);

}  // namespace assay::collector
