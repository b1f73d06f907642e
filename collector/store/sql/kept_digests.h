// What is kept under the digest of what it says, once for all that refer to it: sets of verdicts
// and of findings, catalogues.
#pragma once

#include <string>
#include <vector>

#include "collector/store/sql/connection.h"
#include "evidence/result.h"
#include "evidence/text.h"

namespace assay::collector::sql {

// Reads all of it again, and adds a complaint for each that says something else by now.
[[nodiscard]] Status check_kept_digests(Connection& connection, std::vector<Text>* complaints);

}  // namespace assay::collector::sql
