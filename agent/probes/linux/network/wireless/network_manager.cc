#include "agent/probes/linux/network/wireless/network_manager.h"

#include <map>

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/sections.h"

namespace assay::agent {
namespace {

// What a key file escapes ("\s" is a blank, "\\" a backslash), and what NetworkManager does before
// it: a semicolon has a backslash.
std::string without_escapes(std::string_view text) {
  std::string clear;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      clear += text[i];
      continue;
    }
    switch (text[++i]) {
      case 's': clear += ' '; break;
      case 't': clear += '\t'; break;
      case 'n': clear += '\n'; break;
      case 'r': clear += '\r'; break;
      default: clear += text[i]; break;
    }
  }
  for (auto at = clear.find("\\;"); at != std::string::npos; at = clear.find("\\;", at + 1))
    clear.erase(at, 1);
  return clear;
}

// A name that is no plain text is written as its bytes: "65;66;".
std::string ssid_of(std::string_view text) {
  if (text.empty() || !text.ends_with(';')) return without_escapes(text);
  std::string bytes;
  for (auto rest = text; !rest.empty();) {
    const auto end = rest.find(';');
    const auto byte = decimal<int>(rest.substr(0, end));
    if (!byte || *byte < 0 || *byte > 255) return without_escapes(text);
    bytes += static_cast<char>(*byte);
    rest.remove_prefix(end + 1);
  }
  return bytes;
}

std::optional<bool> truth(std::string_view word) {
  if (word == "true" || word == "1" || word == "yes") return true;
  if (word == "false" || word == "0" || word == "no") return false;
  return std::nullopt;
}

}  // namespace

std::optional<WifiProfile> parse_network_manager_wifi(std::string_view text) {
  const auto entries = parse_sections_tolerantly(text);
  const auto type = last_value(entries, "connection", "type");
  if (type != "wifi" && type != "802-11-wireless") return std::nullopt;
  // Both names of each section are read.
  const auto value = [&](const char* name, const char* old_name, std::string_view key) {
    const auto found = last_value(entries, name, key);
    return found.empty() ? last_value(entries, old_name, key) : found;
  };
  const auto wifi = [&](std::string_view key) { return value("wifi", "802-11-wireless", key); };
  const auto guard = [&](std::string_view key) {
    return value("wifi-security", "802-11-wireless-security", key);
  };
  WifiProfile profile{
      .ssid = ssid_of(wifi("ssid")),
      .security = {},
      .is_hidden = truth(wifi("hidden")).value_or(false),
      .is_autoconnect = truth(last_value(entries, "connection", "autoconnect")).value_or(true),
      .interface = std::string(last_value(entries, "connection", "interface-name")),
      .note = {}};
  static const std::map<std::string_view, std::string_view> kSecurity = {
      {"none", "wep"},        {"ieee8021x", "wep"},
      {"wpa-psk", "wpa-psk"}, {"sae", "wpa3-sae"},
      {"owe", "owe"},         {"wpa-eap", "wpa-eap"},
      {"wpa-none", "open"},   {"wpa-eap-suite-b-192", "wpa3-eap"}};
  const auto management = guard("key-mgmt");
  const auto known = kSecurity.find(management);
  if (management.empty() && !has_section(entries, "wifi-security") &&
      !has_section(entries, "802-11-wireless-security"))
    profile.security = "open";
  else if (known != kSecurity.end())
    profile.security = known->second;
  else
    profile.note = "key-mgmt is of a kind that is not known";
  if (profile.security == "wpa-psk" && guard("proto") == "rsn;") profile.security = "wpa2-psk";
  return profile;
}

}  // namespace assay::agent
