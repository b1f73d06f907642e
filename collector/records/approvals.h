// What was approved, laid over the reference tables of the content: checks read the rows of the
// files and the approvals in force, and cannot tell them apart.
//
// Any thread; waits for the store.
#pragma once

#include <memory>

#include "checks/engine/content.h"
#include "collector/records/approval_list.h"
#include "collector/store/register_store.h"

namespace assay::collector {

// `base` itself when nothing is approved. A table with an approval is available, even if its file
// is empty; the content's digest changes when, and only when, the rows of a table do.
[[nodiscard]] Result<std::shared_ptr<const checks::Content>> with_approvals(
    std::shared_ptr<const checks::Content> base, RegisterStore& store, evidence::Seconds when);

// One list as it is then: the rows of the files and the approvals in force.
[[nodiscard]] Result<evidence::Table> approved_rows(const checks::Content& base,
                                                    const ApprovalList& list, RegisterStore& store,
                                                    evidence::Seconds when);

}  // namespace assay::collector
