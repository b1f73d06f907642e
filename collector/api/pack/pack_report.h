// The report of an auditor's pack for people: one page of HTML without scripts or anything to
// fetch, in one language. Pure; whatever a machine or a person wrote is escaped.
#pragma once

#include <string>
#include <vector>

#include "collector/api/pack/pack_sheets.h"
#include "evidence/text.h"

namespace assay::collector::api {

[[nodiscard]] std::string report_of(const PackWish& wish, const PackFacts& facts,
                                    const std::vector<Sheet>& sheets, Language language);

}  // namespace assay::collector::api
