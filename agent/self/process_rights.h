// The rights of a process, as its /proc/PID/status states them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assay::agent {

struct ProcessRights {
  std::string capabilities;  // hexadecimal, as the kernel writes them; empty: not stated
  std::optional<std::int64_t> no_new_privileges;
  std::optional<std::int64_t> seccomp;
  bool operator==(const ProcessRights&) const = default;
};

[[nodiscard]] ProcessRights rights_in(std::string_view status);

}  // namespace assay::agent
