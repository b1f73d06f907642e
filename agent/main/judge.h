// A scan of a machine together with its verdicts, as several commands need it.
#pragma once

#include <set>
#include <string>

#include "agent/scan/report.h"
#include "agent/scan/scan.h"
#include "checks/engine/content.h"

namespace assay::agent {

struct Judged {
  checks::Content content;
  Scan scan;
  Report report;  // points into the two above: a Judged is not moved once it is filled
};

// `only`: the id of one check; its tables alone are then collected. Empty: everything.
[[nodiscard]] Status judge(const std::string& root, const std::string& profile,
                           const std::string& only, Judged* judged);

}  // namespace assay::agent
