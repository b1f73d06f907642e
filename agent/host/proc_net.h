// The kernel's sockets as the text of /proc/net/tcp and its like: for kernels
// whose socket diagnosis is a module that may not be loaded.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "agent/host/host.h"

namespace assay::agent {

// The sockets of one file that listen (TCP) or have no peer (UDP). `family` says how long its
// addresses are. kInvalidData names the line.
[[nodiscard]] Result<std::vector<Socket>> parse_proc_net(std::string_view text,
                                                         std::uint8_t protocol,
                                                         std::uint8_t family);

// Reads /proc/net/tcp, tcp6, udp or udp6. No such file: the kernel does not speak it, so no socket.
[[nodiscard]] Result<std::vector<Socket>> read_proc_net(std::uint8_t protocol, std::uint8_t family);

}  // namespace assay::agent
