// NetworkManager's profiles (keyfile format).
#pragma once

#include <optional>
#include <string_view>

#include "agent/probes/linux/network/wireless/wifi_profile.h"

namespace assay::agent {

// Nothing when the profile is not one of a wireless network.
[[nodiscard]] std::optional<WifiProfile> parse_network_manager_wifi(std::string_view text);

}  // namespace assay::agent
