// Tables on their way from the scanner to the agent: each in its canonical form, one behind the
// other. A table begins with a line that begins with '{'; its rows begin with '['.
#pragma once

#include <vector>

#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::agent {

// Writes all of them to standard output. Nothing is written when one has a defect or is too large.
[[nodiscard]] Status write_tables(const std::vector<evidence::Table>& tables);

}  // namespace assay::agent
