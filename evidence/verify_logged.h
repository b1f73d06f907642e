// What the proof of logging in a bundle says of one manifest. Pure.
#pragma once

#include <vector>

#include "evidence/bundle.h"

namespace assay::evidence {

// One line for the report, or none where there is nothing to say: no proof, and none was asked for.
[[nodiscard]] std::optional<Verification> check_logged(const SignedManifest& source,
                                                       const Manifest& manifest, Text subject,
                                                       const Trust& trust);

}  // namespace assay::evidence
