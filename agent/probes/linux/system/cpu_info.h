// /proc/cpuinfo and /proc/meminfo.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assay::agent {

struct CpuInfo {
  std::string brand;    // empty when not stated
  std::string subtype;  // the model's number
  std::string microcode;
  std::optional<std::int64_t> logical_cores;
  std::optional<std::int64_t> physical_cores;
  std::optional<std::int64_t> sockets;
};

// Never fails: architectures differ in what they state, and what is not stated is not known.
[[nodiscard]] CpuInfo parse_cpu_info(std::string_view text);

// MemTotal in bytes.
[[nodiscard]] std::optional<std::int64_t> parse_memory_total(std::string_view meminfo);

}  // namespace assay::agent
