// What /proc says of one process.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "agent/host/host.h"

namespace assay::agent {

// Empty where it cannot be told: the process is gone, or is not ours to look at.
struct ProcessFacts {
  std::string path;  // of the executable
  std::string name;  // as the kernel has it, at most 15 bytes
  std::string unit;  // systemd unit
};
[[nodiscard]] ProcessFacts process_facts(Host& host, std::int64_t pid);

// The systemd unit that a process belongs to, from the content of its /proc/PID/cgroup; empty when
// it belongs to none. Services, sockets and scopes count, slices do not.
[[nodiscard]] std::string_view unit_from_cgroup(std::string_view cgroup);

}  // namespace assay::agent
