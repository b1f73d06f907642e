// A week as ISO 8601 counts them, in UTC: from Monday to the next, named "2026-W48". Pure.
#pragma once

#include <string>
#include <string_view>

#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

struct Week {
  std::string name;
  evidence::Seconds since;  // Monday 00:00
  evidence::Seconds until;  // of the next week
};

[[nodiscard]] Week week_at(evidence::Seconds when);
// kUsage for what is no name, or that of a week which the year does not have.
[[nodiscard]] Result<Week> week_named(std::string_view name);

}  // namespace assay::collector
