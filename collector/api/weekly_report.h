// What a week's report says: what changed over the whole fleet, and where each framework stood at
// both ends. By the rules, words and terms of the week's end, and of what was known then: asked
// again later it is the same bytes, as long as the evidence is there.
#pragma once

#include <string>

#include "collector/api/present.h"
#include "collector/api/service.h"
#include "collector/reports/week.h"
#include "collector/store/report_store.h"

namespace assay::collector::api {

// JSON: {"report","week","from","to", as lasting_difference() has it, "frameworks"}.
[[nodiscard]] Result<std::string> weekly_report(const Service& service, const Week& week);

}  // namespace assay::collector::api
