// One wireless network that this machine knows.
#pragma once

#include <optional>
#include <string>

namespace assay::agent {

// There is no field for a key or password, and none is ever read into one.
struct WifiProfile {
  std::string ssid;
  std::string security;  // open, wep, wpa-psk, wpa2-psk, wpa3-sae, owe, wpa-eap, wpa3-eap
  std::optional<bool> is_hidden;
  std::optional<bool> is_autoconnect;
  std::string interface;
  std::string note;
};

}  // namespace assay::agent
