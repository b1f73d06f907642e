#include <algorithm>

#include "agent/network/sensor/packet/decoder.h"

namespace assay::agent::sensor {
namespace {

constexpr std::size_t kTcpHeader = 20;
constexpr std::size_t kUdpHeader = 8;

Undecoded decode_tcp(Bytes body, std::uint32_t body_bytes, Packet* packet) {
  if (body.size() < kTcpHeader) return Undecoded::kTransportCut;
  const std::size_t header = std::size_t{body[12]} / 16 * 4;
  if (header < kTcpHeader || header > body_bytes) return Undecoded::kTransportMalformed;
  packet->source_port = be16(body.data());
  packet->destination_port = be16(body.data() + 2);
  packet->sequence = be32(body.data() + 4);
  packet->tcp_flags = body[13];
  packet->payload = body.subspan(std::min(header, body.size()));
  packet->payload_bytes = body_bytes - static_cast<std::uint32_t>(header);
  return Undecoded::kNone;
}

Undecoded decode_udp(Bytes body, std::uint32_t body_bytes, Packet* packet) {
  if (body.size() < kUdpHeader) return Undecoded::kTransportCut;
  // 0: a jumbogram (RFC 2675), or a checksum that is still to be computed by the card.
  const std::uint32_t said = be16(body.data() + 4);
  if ((said != 0 && said < kUdpHeader) || said > body_bytes) return Undecoded::kTransportMalformed;
  const auto length = said == 0 ? body_bytes : said;
  packet->source_port = be16(body.data());
  packet->destination_port = be16(body.data() + 2);
  packet->payload = body.first(std::min<std::size_t>(body.size(), length)).subspan(kUdpHeader);
  packet->payload_bytes = length - static_cast<std::uint32_t>(kUdpHeader);
  return Undecoded::kNone;
}

// RFC 4861: neighbour solicitation (135, option 1) and advertisement (136, option 2).
void decode_discovery(Bytes body, Packet* packet) {
  constexpr std::size_t kHeader = 24;
  if (body.size() < kHeader + 8 || (body[0] != 135 && body[0] != 136)) return;
  const std::uint8_t wanted = body[0] == 135 ? 1 : 2;
  if (body[kHeader] != wanted || body[kHeader + 1] != 1) return;
  const auto address = body[0] == 135 ? packet->source : address_v6(body.data() + 8);
  if (address == Address{}) return;  // asks whether its own address is free
  packet->has_neighbour = true;
  packet->neighbour.address = address;
  std::copy_n(body.data() + kHeader + 2, 6, packet->neighbour.mac.begin());
}

}  // namespace

Undecoded decode_transport(Bytes body, std::uint32_t body_bytes, Packet* packet) {
  switch (packet->protocol) {
    case kTcp: return decode_tcp(body, body_bytes, packet);
    case kUdp: return decode_udp(body, body_bytes, packet);
    case kIcmpV6: decode_discovery(body, packet); break;
    default: break;
  }
  packet->payload = {};
  packet->payload_bytes = body_bytes;
  return Undecoded::kNone;
}

Undecoded decode_arp(Bytes body, Packet* packet) {
  constexpr std::size_t kEthernetArp = 28;
  if (body.size() < kEthernetArp) return Undecoded::kIpCut;
  if (be16(body.data()) != 1 || be16(body.data() + 2) != 0x0800 || body[4] != 6 || body[5] != 4)
    return Undecoded::kOtherProtocol;
  packet->is_arp = true;
  const auto address = address_v4(body.data() + 14);
  if (address.low == kV4Prefix) return Undecoded::kNone;  // 0.0.0.0: a probe (RFC 5227)
  packet->has_neighbour = true;
  packet->neighbour.address = address;
  std::copy_n(body.data() + 8, 6, packet->neighbour.mac.begin());
  return Undecoded::kNone;
}

}  // namespace assay::agent::sensor
