// What comes back: a packet as it was captured, read as an answer to one of ours, or not at all.
//
// The bytes are from whoever sent them: every length is checked before it is used, and nothing is
// believed that the caller cannot compare with what it sent.
#pragma once

#include <cstdint>
#include <optional>

#include "agent/network/sensor/packet/address.h"
#include "agent/network/sensor/packet/bytes.h"

namespace assay::agent::sweep {

using sensor::Address;
using sensor::Bytes;

enum class AnswerKind : std::uint8_t {
  kAccepted,  // SYN and ACK: somebody listens
  kReset,     // RST and ACK: nobody does
  kRejected,  // ICMP: it cannot or may not be reached
};

struct Answer {
  AnswerKind kind = AnswerKind::kReset;
  // Of the probe that is answered, as we sent it: for ICMP from the packet that it quotes.
  Address target;
  Address source;
  Address teller;  // who sent the answer
  std::uint16_t target_port = 0;
  std::uint16_t source_port = 0;
  std::uint32_t sequence = 0;
};

// An IPv4 or IPv6 packet from its first byte. Nothing: it answers no TCP probe, or is cut.
[[nodiscard]] std::optional<Answer> answer_from(Bytes packet);

// The same behind the header that "any" interface is captured with (LINKTYPE_LINUX_SLL).
[[nodiscard]] std::optional<Answer> answer_from_cooked(Bytes frame);

}  // namespace assay::agent::sweep
