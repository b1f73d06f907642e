#include "agent/probes/linux/network/wireless/interfaces_file.h"

#include <set>

#include "agent/probes/linux/network/wireless/wpa_supplicant_conf.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxNetworks = 1000;

struct Stanza {
  std::string interface;
  std::string ssid;
  std::string management;
  bool has_psk = false;
  bool has_wep_key = false;
  bool is_hidden = false;
};

std::pair<std::string_view, std::string_view> split(std::string_view line) {
  const auto end = std::min(line.find_first_of(" \t"), line.size());
  return {line.substr(0, end), trimmed(line.substr(end))};
}

void set(std::string_view key, std::string_view value, Stanza& stanza) {
  if (key == "wpa-ssid" || key == "wireless-essid") stanza.ssid = value;
  if (key == "wpa-key-mgmt") stanza.management = value;
  if (key == "wpa-psk") stanza.has_psk = true;
  if (key == "wpa-scan-ssid") stanza.is_hidden = value == "1";
  if (key.starts_with("wireless-key") || key.starts_with("wpa-wep-key")) stanza.has_wep_key = true;
}

WifiProfile to_profile(const Stanza& stanza, bool is_automatic) {
  WifiProfile profile{.ssid = stanza.ssid,
                      .security = {},
                      .is_hidden = stanza.is_hidden,
                      .is_autoconnect = is_automatic,
                      .interface = stanza.interface,
                      .note = {}};
  if (!stanza.management.empty())
    profile.security = security_of_key_management(stanza.management, {});
  else
    profile.security = stanza.has_psk ? "wpa-psk" : stanza.has_wep_key ? "wep" : "open";
  if (profile.security.empty()) profile.note = "wpa-key-mgmt is of a kind that is not known";
  return profile;
}

}  // namespace

std::vector<WifiProfile> parse_interfaces_wifi(std::string_view text) {
  std::vector<Stanza> stanzas;
  std::set<std::string, std::less<>> automatic;
  bool is_in_interface = false;
  Lines lines(text);
  while (const auto line = lines.next()) {
    const auto [key, value] = split(trimmed(*line));
    if (key.empty() || key.starts_with('#')) continue;
    if (key == "iface" && stanzas.size() < kMaxNetworks) {
      stanzas.push_back(
          {.interface = std::string(split(value).first), .ssid = {}, .management = {}});
      is_in_interface = true;
    } else if (key == "auto" || key.starts_with("allow-")) {
      for (auto rest = value; !rest.empty(); rest = split(rest).second)
        automatic.emplace(split(rest).first);
      is_in_interface = false;
    } else if (key == "mapping" || key == "source" || key == "source-directory") {
      is_in_interface = false;
    } else if (is_in_interface) {
      set(key, value, stanzas.back());
    }
  }
  std::vector<WifiProfile> profiles;
  for (const auto& stanza : stanzas)
    if (!stanza.ssid.empty())
      profiles.push_back(to_profile(stanza, automatic.contains(stanza.interface)));
  return profiles;
}

}  // namespace assay::agent
