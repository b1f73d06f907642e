// ufw's own files: what it would load, whether or not it has.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "agent/host/host.h"
#include "agent/probes/linux/firewall/filter_rule.h"
#include "evidence/result.h"

namespace assay::agent {

struct Ufw {
  bool is_enabled = false;  // ENABLED=yes
  bool has_ipv6 = true;
  Action input = Action::kDrop;
  Action output = Action::kAccept;
  Action forward = Action::kDrop;
  FilterTable rules;   // IPv4
  FilterTable rules6;  // IPv6
};

// Nothing when ufw is not installed.
[[nodiscard]] Result<std::optional<Ufw>> read_ufw(Host& host);

inline constexpr std::string_view kUfwRules = "/etc/ufw/user.rules";
inline constexpr std::string_view kUfwRules6 = "/etc/ufw/user6.rules";

// The rules in user.rules: the comments that ufw itself reads ("### tuple ### …"). A comment that
// does not follow their form becomes a rule that is not understood.
[[nodiscard]] FilterTable parse_ufw_rules(std::string_view text, IpFamily family);

}  // namespace assay::agent
