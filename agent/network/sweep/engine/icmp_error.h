// What an ICMP error said of the packet that a socket sent, from the kernel's queue of errors.
#pragma once

#include <optional>

#include "agent/network/sensor/packet/address.h"

namespace assay::agent::sweep {

struct IcmpError {
  sensor::Address teller;   // who says so
  bool is_of_port = false;  // port unreachable; else the address, or a rule forbids it
};

// From now on the socket keeps its errors (IP_RECVERR of ip(7)).
void keep_errors(int socket, bool is_v4);
// "Destination unreachable" of somebody else than `ours`. This machine tells itself that nobody has
// an address on its own link: that is silence and no rejection. Takes one error off the queue.
[[nodiscard]] std::optional<IcmpError> error_of_others(int socket, const sensor::Address& ours);

}  // namespace assay::agent::sweep
