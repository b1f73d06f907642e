// What a UDP port is asked: its protocol's own smallest question, since most services are silent to
// anything else. No question changes anything, or logs in; that of SNMP asks for the engine of
// version 3, which needs no community.
#pragma once

#include <cstdint>
#include <string_view>

namespace assay::agent::sweep {

// Nothing but an empty datagram for a port that no protocol is known for. Lives for ever.
[[nodiscard]] std::string_view udp_question(std::uint16_t port);

}  // namespace assay::agent::sweep
