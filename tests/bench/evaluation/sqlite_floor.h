// The plainest work that a database does for judging, to measure the engine against: an ordinary
// SQLite table in memory filled with 1,500 packages, and 60 SELECTs over it.
#pragma once

#include "evidence/table.h"

namespace assay::bench {

// `packages` has at least 1,500 rows. Throws when SQLite refuses.
void work_of_the_floor(const evidence::Table& packages);

}  // namespace assay::bench
