// Whether configuration keeps a kernel module from being loaded (modprobe.d(5)).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"

namespace assay::agent {

struct ModuleRule {
  enum class Kind {
    kInstall,    // "install usb-storage /bin/true": loading it does nothing
    kCommand,    // "install usb-storage COMMAND", which may load it; of install lines the first
                 // counts
    kBlacklist,  // not loaded by itself when a device appears; root still can
  };
  Kind kind = Kind::kBlacklist;
  std::string source;
  std::int64_t line = 0;
};

// The rules of one file about `module`; - and _ are the same in names.
[[nodiscard]] std::vector<ModuleRule> parse_modprobe_conf(std::string_view text,
                                                          std::string_view module,
                                                          const std::string& source);

// Of all files in modprobe's folders; a file in /etc hides one of the same name elsewhere.
[[nodiscard]] Result<std::vector<ModuleRule>> module_rules(Host& host, std::string_view module);

}  // namespace assay::agent
