#include "agent/probes/linux/network/wireless/ifcfg.h"

#include <map>

#include "agent/probes/linux/network/wireless/wpa_supplicant_conf.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

std::string_view unquoted(std::string_view text) {
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
      text.back() == text.front())
    return text.substr(1, text.size() - 2);
  return text;
}

}  // namespace

std::optional<WifiProfile> parse_ifcfg_wifi(std::string_view text) {
  std::map<std::string_view, std::string_view> settings;
  Lines lines(text);
  while (const auto line = lines.next()) {
    const auto content = trimmed(*line);
    const auto equals = content.find('=');
    if (content.starts_with('#') || equals == std::string_view::npos) continue;
    const auto name = content.substr(0, equals);
    // Keys are none of ours; that there is one is.
    const bool is_key = name.starts_with("KEY") && name != "KEY_MGMT";
    settings[name] = is_key ? "set" : unquoted(content.substr(equals + 1));
  }
  if (settings["TYPE"] != "Wireless" && !settings.contains("ESSID")) return std::nullopt;
  WifiProfile profile{.ssid = std::string(settings["ESSID"]),
                      .security = {},
                      .is_hidden = settings["SSID_HIDDEN"] == "yes",
                      .is_autoconnect = settings["ONBOOT"] != "no",
                      .interface = std::string(settings["DEVICE"]),
                      .note = {}};
  const auto management = settings["KEY_MGMT"];
  const bool has_wep_key = settings.contains("DEFAULTKEY") || settings.contains("KEY1") ||
                           settings.contains("KEY") || settings.contains("KEY_PASSPHRASE1");
  const bool is_rsn_only =
      settings["WPA_ALLOW_WPA2"] == "yes" && settings["WPA_ALLOW_WPA"] != "yes";
  if (!management.empty())
    profile.security = security_of_key_management(management, is_rsn_only ? "RSN" : "");
  else
    profile.security = has_wep_key ? "wep" : "open";
  if (profile.security.empty()) profile.note = "KEY_MGMT is of a kind that is not known";
  return profile;
}

}  // namespace assay::agent
