// Who is logged in without being asked: settings of the display managers and of getty.
// One thread at a time per Host.
#pragma once

#include <vector>

#include "agent/host/host.h"
#include "agent/probes/linux/accounts/login_rules/setting_row.h"
#include "evidence/result.h"

namespace assay::agent {

// One for each place that logs somebody in; one without a value when there is none.
[[nodiscard]] Result<std::vector<LoginSetting>> autologin_settings(Host& host);

}  // namespace assay::agent
