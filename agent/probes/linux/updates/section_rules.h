// How the tools of updates read their files of sections.
#pragma once

#include "agent/probes/linux/text/sections.h"

namespace assay::agent {

// dnf, yum and zypper refuse nonsense; so a file with some is not evidence of anything.
inline constexpr SectionRules kRepositorySections = {.strictness = SectionStrictness::kStrict,
                                                     .continuation = SectionContinuation::kIndented,
                                                     .shows_headers = true};

// systemd passes over nonsense.
inline constexpr SectionRules kUnitSections = {.strictness = SectionStrictness::kTolerant,
                                               .continuation = SectionContinuation::kBackslash,
                                               .shows_headers = false};

}  // namespace assay::agent
