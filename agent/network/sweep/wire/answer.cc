#include "agent/network/sweep/wire/answer.h"

namespace assay::agent::sweep {

namespace {

using sensor::be16;
using sensor::be32;

constexpr std::uint8_t kIcmpProtocol = 1;
constexpr std::uint8_t kTcpProtocol = 6;
constexpr std::uint8_t kIcmpV6Protocol = 58;
constexpr std::uint8_t kSyn = 0x02;
constexpr std::uint8_t kRst = 0x04;
constexpr std::uint8_t kAck = 0x10;
constexpr std::size_t kCookedBytes = 16;
constexpr int kMaxExtensions = 8;

// What an IP header says, and the bytes behind it.
struct Datagram {
  Address source;
  Address destination;
  std::uint8_t protocol = 0;
  Bytes payload;
};

std::optional<Datagram> v4_from(Bytes packet) {
  if (packet.size() < 20) return std::nullopt;
  const std::size_t header = (packet[0] & 0xfU) * 4U;
  const bool is_later_fragment = (be16(&packet[6]) & 0x1fffU) != 0;
  if (header < 20 || header > packet.size() || is_later_fragment) return std::nullopt;
  return Datagram{sensor::address_v4(&packet[12]), sensor::address_v4(&packet[16]), packet[9],
                  packet.subspan(header)};
}

std::optional<Datagram> v6_from(Bytes packet) {
  if (packet.size() < 40) return std::nullopt;
  Datagram made{sensor::address_v6(&packet[8]), sensor::address_v6(&packet[24]), packet[6],
                packet.subspan(40)};
  // An IPv4 address written as one of IPv6 is no machine's on the wire.
  if (made.source.is_v4() || made.destination.is_v4()) return std::nullopt;
  for (int at = 0; at < kMaxExtensions; ++at) {
    // Hop-by-hop, routing, destination options: the length is in the second byte (RFC 8200 §4).
    if (made.protocol != 0 && made.protocol != 43 && made.protocol != 60) return made;
    if (made.payload.size() < 8) return std::nullopt;
    const std::size_t size = (made.payload[1] + 1U) * 8U;
    if (size > made.payload.size()) return std::nullopt;
    made.protocol = made.payload[0];
    made.payload = made.payload.subspan(size);
  }
  return std::nullopt;
}

std::optional<Datagram> datagram_from(Bytes packet) {
  if (packet.empty()) return std::nullopt;
  switch (packet[0] >> 4U) {
    case 4: return v4_from(packet);
    case 6: return v6_from(packet);
    default: return std::nullopt;
  }
}

std::optional<Answer> tcp_answer(const Datagram& datagram) {
  const auto tcp = datagram.payload;
  if (tcp.size() < 20) return std::nullopt;
  const auto flags = tcp[13];
  // Only what acknowledges our SYN tells which one it was.
  if ((flags & kAck) == 0 || (flags & (kSyn | kRst)) == 0) return std::nullopt;
  return Answer{.kind = (flags & kRst) != 0 ? AnswerKind::kReset : AnswerKind::kAccepted,
                .target = datagram.source,
                .source = datagram.destination,
                .teller = datagram.source,
                .target_port = be16(&tcp[0]),
                .source_port = be16(&tcp[2]),
                .sequence = be32(&tcp[8]) - 1};
}

// The packet of ours that an ICMP message quotes: at least the first 8 bytes of its TCP header.
std::optional<Answer> quoted_probe(const Address& teller, Bytes quoted) {
  const auto ours = datagram_from(quoted);
  if (!ours || ours->protocol != kTcpProtocol || ours->payload.size() < 8) return std::nullopt;
  return Answer{.kind = AnswerKind::kRejected,
                .target = ours->destination,
                .source = ours->source,
                .teller = teller,
                .target_port = be16(&ours->payload[2]),
                .source_port = be16(&ours->payload[0]),
                .sequence = be32(&ours->payload[4])};
}

}  // namespace

std::optional<Answer> answer_from(Bytes packet) {
  const auto datagram = datagram_from(packet);
  if (!datagram) return std::nullopt;
  const auto& payload = datagram->payload;
  switch (datagram->protocol) {
    case kTcpProtocol: return tcp_answer(*datagram);
    case kIcmpProtocol:  // 3: destination unreachable (RFC 792)
      if (payload.size() < 8 || payload[0] != 3) return std::nullopt;
      return quoted_probe(datagram->source, payload.subspan(8));
    case kIcmpV6Protocol:  // 1: destination unreachable (RFC 4443 §3.1)
      if (payload.size() < 8 || payload[0] != 1) return std::nullopt;
      return quoted_probe(datagram->source, payload.subspan(8));
    default: return std::nullopt;
  }
}

std::optional<Answer> answer_from_cooked(Bytes frame) {
  if (frame.size() < kCookedBytes) return std::nullopt;
  const auto kind = be16(&frame[14]);
  if (kind != 0x0800 && kind != 0x86dd) return std::nullopt;  // IPv4, IPv6
  return answer_from(frame.subspan(kCookedBytes));
}

}  // namespace assay::agent::sweep
