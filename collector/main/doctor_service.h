// What of the program that serves can be seen from beside it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "collector/main/doctor.h"

namespace assay::collector {

// Whether it serves and answers, and whether as many agents as there are hosts can be connected.
[[nodiscard]] std::vector<Symptom> examine_service(const std::string& state, std::int64_t hosts);

}  // namespace assay::collector
