// What the kernel says of sockets and addresses, asked over netlink: some fifty
// times cheaper than reading /proc/net, which walks the kernel's whole tables.
#pragma once

#include <vector>

#include "agent/host/host.h"

namespace assay::agent {

// TCP sockets that listen and UDP sockets without a peer, IPv4 and IPv6, of this network
// namespace. Where the kernel has no socket diagnosis, /proc/net is read after all.
[[nodiscard]] Result<std::vector<Socket>> dump_listening_sockets();

[[nodiscard]] Result<std::vector<InterfaceAddress>> dump_interface_addresses();

}  // namespace assay::agent
