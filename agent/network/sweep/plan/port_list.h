// Which ports are asked: "22,80,8000-8100,U:53,161", as people write it for other sweepers too.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent::sweep {

struct PortRange {
  std::uint16_t first = 0;
  std::uint16_t last = 0;  // belongs to it
  auto operator<=>(const PortRange&) const = default;
};

// Sorted, none twice, none overlapping or touching.
using PortRanges = std::vector<PortRange>;

struct PortList {
  PortRanges tcp;
  PortRanges udp;
  bool operator==(const PortList&) const = default;
};

// Ports and ranges separated by commas, 1 to 65535; "-" is all of them. "T:" and "U:" say of what
// transport the ones behind them are; TCP until then. kUsage: anything else, or no port at all.
[[nodiscard]] Result<PortList> ports_from(std::string_view text);
// As ports_from() reads it.
[[nodiscard]] std::string to_text(const PortList& ports);
// Without a transport: "22,80,8000-8100"; empty for none.
[[nodiscard]] std::string to_text(const PortRanges& ranges);

[[nodiscard]] std::size_t count(const PortRanges& ranges);
// Each, in ascending order.
[[nodiscard]] std::vector<std::uint16_t> all_ports(const PortRanges& ranges);

// Of this machine: every TCP port, and the UDP ports that matter.
[[nodiscard]] std::string_view default_own_ports();
// Of other machines: well-known TCP ports, those of databases, management and remote access, and
// the same UDP ports.
[[nodiscard]] std::string_view default_range_ports();

}  // namespace assay::agent::sweep
