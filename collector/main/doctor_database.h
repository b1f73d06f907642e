// What the doctor looks at in a database that the collector shares with others: which of its
// servers takes writes, and whether what is acknowledged is on another one as well.
#pragma once

#include <string>
#include <vector>

#include "collector/main/doctor.h"

namespace assay::collector {

// Subjects "database" and "standby", what is worst first. Waits some seconds for each server that
// is silent. `conninfo`: as the settings name it.
[[nodiscard]] std::vector<Symptom> examine_database(const std::string& conninfo);

}  // namespace assay::collector
