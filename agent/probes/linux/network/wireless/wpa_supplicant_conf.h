// wpa_supplicant.conf: the blocks network={ … }.
#pragma once

#include <string_view>
#include <vector>

#include "agent/probes/linux/network/wireless/wifi_profile.h"

namespace assay::agent {

[[nodiscard]] std::vector<WifiProfile> parse_wpa_supplicant_conf(std::string_view text);

// What a list of key managements (WPA-PSK SAE …) offers, by its weakest.
[[nodiscard]] std::string security_of_key_management(std::string_view list, std::string_view proto);

}  // namespace assay::agent
