// The parts of a page about what changed between two moments, as a difference and a week's report
// show them.
#pragma once

#include "cli/views/page.h"
#include "cli/views/views.h"

namespace assay::cli {

// How many changed, and why.
void write_summary(const Json& diff, const Screen& screen, PageWriter* page);
// A table for each kind of change that there is.
void write_changes(const Json& diff, const Screen& screen, PageWriter* page);
// For CSV: every change in one list.
[[nodiscard]] Grid changes_grid(const Json& diff, Language language);

}  // namespace assay::cli
