// What was checked of evidence, as an answer for people. A pure function.
#pragma once

#include "cli/terminal/answer.h"
#include "evidence/bundle.h"
#include "evidence/text.h"

namespace assay::cli {

// A line for each thing that was checked; `good` is the closing sentence when nothing was bad.
[[nodiscard]] Answer verification_view(const evidence::VerificationReport& report, const Text& good,
                                       Language language);

}  // namespace assay::cli
