// Red Hat's ifcfg files of wireless networks.
#pragma once

#include <optional>
#include <string_view>

#include "agent/probes/linux/network/wireless/wifi_profile.h"

namespace assay::agent {

// Nothing when the file is not of a wireless network.
[[nodiscard]] std::optional<WifiProfile> parse_ifcfg_wifi(std::string_view text);

}  // namespace assay::agent
