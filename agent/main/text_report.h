// A judged scan in words: posture by framework, then what is wrong, worst first.
#pragma once

#include <string>

#include "agent/scan/report.h"
#include "cli/terminal/grid.h"

namespace assay::agent {

// One line a check, for CSV.
[[nodiscard]] cli::Grid checks_grid(const Report& report, Language language);

[[nodiscard]] std::string to_text(const Report& report, const cli::Screen& screen);

// One check in full: every verdict with the clause, the figure and where it comes from, the rows
// that decide, and the remedy.
[[nodiscard]] std::string explain(const Report& report, const cli::Screen& screen);

}  // namespace assay::agent
