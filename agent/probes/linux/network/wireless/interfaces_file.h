// Wireless networks in /etc/network/interfaces (ifupdown).
#pragma once

#include <string_view>
#include <vector>

#include "agent/probes/linux/network/wireless/wifi_profile.h"

namespace assay::agent {

[[nodiscard]] std::vector<WifiProfile> parse_interfaces_wifi(std::string_view text);

}  // namespace assay::agent
