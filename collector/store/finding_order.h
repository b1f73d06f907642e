// In which order findings are listed.
#pragma once

#include <string_view>
#include <tuple>

#include "collector/store/posture_store.h"

namespace assay::collector {

// Worst first, then by check, host and id. Until the finding changes.
[[nodiscard]] inline auto worst_first(const Finding& finding) {
  return std::tuple(-static_cast<int>(finding.severity), std::string_view(finding.check_id),
                    std::string_view(finding.host_id), finding.id);
}

}  // namespace assay::collector
