// USBGuard's settings: what it does with a device that no rule names, and how many rules it has.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agent/host/host.h"

namespace assay::agent {

struct UsbGuard {
  bool is_installed = false;
  std::optional<bool> is_in_force;  // starts with the system and blocks what no rule allows
  std::string implicit_target;      // allow, block or reject
  std::int64_t rules = 0;
  std::string source;
  std::int64_t line = 0;  // 0: no line says it, the default holds
  std::string note;
};

struct UsbGuardSettings {
  std::string implicit_target = "block";  // usbguard-daemon.conf(5)
  std::string rule_file = "/etc/usbguard/rules.conf";
  std::string rule_folder;
  std::int64_t target_line = 0;
};
[[nodiscard]] UsbGuardSettings parse_usbguard_conf(std::string_view text);
// Lines that are rules.
[[nodiscard]] std::int64_t count_usbguard_rules(std::string_view text);

[[nodiscard]] Result<UsbGuard> read_usbguard(Host& host);

}  // namespace assay::agent
