// iwd's networks: one file each, /var/lib/iwd/NAME.TYPE.
#pragma once

#include <optional>
#include <string_view>

#include "agent/probes/linux/network/wireless/wifi_profile.h"

namespace assay::agent {

// Nothing when the name is not one of a network.
[[nodiscard]] std::optional<WifiProfile> parse_iwd_network(std::string_view file_name,
                                                           std::string_view text);

}  // namespace assay::agent
