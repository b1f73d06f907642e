#include "agent/probes/linux/network/wireless/wpa_supplicant_conf.h"

#include <algorithm>

#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxNetworks = 10'000;

struct Block {
  std::string ssid;
  std::string management;
  std::string proto;
  bool has_wep_key = false;
  bool is_hidden = false;
  bool is_disabled = false;
};

std::optional<unsigned> hex_digit(char letter) {
  if (letter >= '0' && letter <= '9') return static_cast<unsigned>(letter - '0');
  if (letter >= 'a' && letter <= 'f') return static_cast<unsigned>(letter - 'a' + 10);
  if (letter >= 'A' && letter <= 'F') return static_cast<unsigned>(letter - 'A' + 10);
  return std::nullopt;
}

// What stands behind "#" is no part of a line, unless it is within its first and last quote.
std::string_view without_comment(std::string_view line) {
  const auto first = line.find('"');
  const auto last = line.rfind('"');
  const auto from = first == std::string_view::npos || first == last ? 0 : last;
  return trimmed(line.substr(0, line.find('#', from)));
}

// P"…": as printf has it, \t, \x41 and \101.
std::string printed(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      bytes += text[i];
      continue;
    }
    const char kind = text[++i];
    if (kind == 'x' && i + 2 < text.size() && hex_digit(text[i + 1]) && hex_digit(text[i + 2])) {
      bytes += static_cast<char>(*hex_digit(text[i + 1]) << 4U | *hex_digit(text[i + 2]));
      i += 2;
    } else if (kind >= '0' && kind <= '7') {
      unsigned number = 0;
      const auto end = std::min(i + 3, text.size());
      for (; i < end && text[i] >= '0' && text[i] <= '7'; ++i)
        number = number * 8 + static_cast<unsigned>(text[i] - '0');
      --i;
      bytes += static_cast<char>(number);
    } else {
      bytes += kind == 't'   ? '\t'
               : kind == 'n' ? '\n'
               : kind == 'r' ? '\r'
               : kind == 'e' ? '\033'
                             : kind;
    }
  }
  return bytes;
}

// "name" in quotes, P"name", or the bytes in hexadecimal.
std::string ssid_of(std::string_view text) {
  if (text.size() >= 3 && text.starts_with("P\"") && text.back() == '"')
    return printed(text.substr(2, text.size() - 3));
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
    return std::string(text.substr(1, text.size() - 2));
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const auto high = hex_digit(text[i]);
    const auto low = hex_digit(text[i + 1]);
    if (!high || !low) return std::string(text);
    bytes += static_cast<char>(*high << 4U | *low);
  }
  return text.size() % 2 == 0 ? bytes : std::string(text);
}

// Only what is asked for is looked at: never a key.
void set(std::string_view key, std::string_view value, Block& block) {
  if (key == "ssid") block.ssid = ssid_of(value);
  if (key == "key_mgmt") block.management = value;
  if (key == "proto") block.proto = value;
  if (key == "scan_ssid") block.is_hidden = value == "1";
  if (key == "disabled") block.is_disabled = value != "0";
  if (key.starts_with("wep_key")) block.has_wep_key = true;
}

WifiProfile to_profile(const Block& block) {
  WifiProfile profile{.ssid = block.ssid,
                      .security = {},
                      .is_hidden = block.is_hidden,
                      .is_autoconnect = !block.is_disabled,
                      .interface = {},
                      .note = {}};
  // Without a word, WPA-PSK and WPA-EAP are both allowed.
  profile.security = security_of_key_management(
      block.management.empty() ? "WPA-PSK" : block.management, block.proto);
  if (profile.security == "open" && block.has_wep_key) profile.security = "wep";
  if (profile.security.empty()) profile.note = "key_mgmt is of a kind that is not known";
  return profile;
}

}  // namespace

std::string security_of_key_management(std::string_view list, std::string_view proto) {
  const auto has = [&](std::string_view word) {
    for (std::size_t at = list.find(word); at != std::string_view::npos;
         at = list.find(word, at + 1)) {
      const auto end = at + word.size();
      if ((at == 0 || list[at - 1] == ' ') && (end == list.size() || list[end] == ' ')) return true;
    }
    return false;
  };
  if (has("NONE")) return "open";
  if (has("IEEE8021X")) return "wep";
  if (has("WPA-PSK") || has("FT-PSK") || has("WPA-PSK-SHA256"))
    return proto == "RSN" || proto == "WPA2" ? "wpa2-psk" : "wpa-psk";
  if (has("WPA-EAP") || has("FT-EAP") || has("WPA-EAP-SHA256")) return "wpa-eap";
  if (has("SAE") || has("FT-SAE")) return "wpa3-sae";
  if (has("OWE")) return "owe";
  if (has("WPA-EAP-SUITE-B-192") || has("WPA-EAP-SUITE-B")) return "wpa3-eap";
  return {};
}

std::vector<WifiProfile> parse_wpa_supplicant_conf(std::string_view text) {
  std::vector<WifiProfile> profiles;
  std::optional<Block> block;
  Lines lines(text);
  while (const auto line = lines.next()) {
    const auto content = without_comment(trimmed(*line));
    if (content.empty()) continue;
    if (content.starts_with("network=") && content.ends_with('{')) {
      block.emplace();
    } else if (content == "}") {
      if (block && profiles.size() < kMaxNetworks) profiles.push_back(to_profile(*block));
      block.reset();
    } else if (block) {
      const auto equals = content.find('=');
      if (equals != std::string_view::npos)
        set(trimmed(content.substr(0, equals)), trimmed(content.substr(equals + 1)), *block);
    }
  }
  return profiles;
}

}  // namespace assay::agent
