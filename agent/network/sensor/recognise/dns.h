// DNS messages (RFC 1035), over UDP and, behind a length, over TCP.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/network/sensor/packet/address.h"
#include "agent/network/sensor/packet/bytes.h"

namespace assay::agent::sensor {

struct DnsMessage {
  bool is_answer = false;
  std::uint8_t code = 0;  // RCODE; 3: the name does not exist
  std::uint16_t type = 0;
  std::string name;                // asked for: lower case, without the last dot; escapes as \ddd
  std::vector<Address> addresses;  // that were given, at most kMaxDnsAddresses
};
inline constexpr std::size_t kMaxDnsAddresses = 32;

// False when it is no message of DNS; strict, since it is asked about every datagram of an
// unknown kind. A message that was cut gives what was there. `message` is re-used for its memory.
[[nodiscard]] bool read_dns(Bytes datagram, DnsMessage* message);
// Takes the first message off a TCP stream, where each stands behind its length; nothing when it is
// not whole.
[[nodiscard]] std::optional<Bytes> take_dns(Bytes* stream);

}  // namespace assay::agent::sensor
