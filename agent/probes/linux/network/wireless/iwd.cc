#include "agent/probes/linux/network/wireless/iwd.h"

#include "agent/probes/linux/text/sections.h"

namespace assay::agent {
namespace {

// A name with other letters than [A-Za-z0-9 _-] is written as "=" and its bytes in hexadecimal.
std::string ssid_of(std::string_view name) {
  if (!name.starts_with('=')) return std::string(name);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string bytes;
  for (std::size_t i = 1; i + 1 < name.size(); i += 2) {
    const auto high = kDigits.find(name[i]);
    const auto low = kDigits.find(name[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::string(name);
    bytes += static_cast<char>(high << 4U | low);
  }
  return bytes;
}

}  // namespace

std::optional<WifiProfile> parse_iwd_network(std::string_view file_name, std::string_view text) {
  const auto dot = file_name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return std::nullopt;
  const auto type = file_name.substr(dot + 1);
  WifiProfile profile{.ssid = ssid_of(file_name.substr(0, dot)),
                      .security = {},
                      .is_hidden = {},
                      .is_autoconnect = {},
                      .interface = {},
                      .note = {}};
  if (type == "open") profile.security = "open";
  if (type == "psk") {
    profile.security = "wpa2-psk";
    profile.note = "iwd uses WPA3 (SAE) where the access point has it";
  }
  if (type == "8021x") profile.security = "wpa-eap";
  if (profile.security.empty()) return std::nullopt;
  const auto entries = parse_sections_tolerantly(text);
  profile.is_hidden = last_value(entries, "Settings", "Hidden") == "true";
  profile.is_autoconnect = last_value(entries, "Settings", "AutoConnect") != "false";
  return profile;
}

}  // namespace assay::agent
