// The time of day, as far as evidence and records tell it: whole seconds, UTC.
#pragma once

#include "evidence/timestamp.h"

namespace assay::evidence {

[[nodiscard]] inline Seconds system_now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

}  // namespace assay::evidence
