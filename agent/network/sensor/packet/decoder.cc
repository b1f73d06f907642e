#include "agent/network/sensor/packet/decoder.h"

#include <algorithm>

#include "agent/network/sensor/packet/link_layer.h"

namespace assay::agent::sensor {
namespace {

constexpr std::size_t kV4Header = 20;
constexpr std::uint32_t kV6Header = 40;
constexpr int kMaxExtensions = 10;

// Next header values of IPv6 (RFC 8200, RFC 4302, RFC 6275, RFC 7401, RFC 5533).
constexpr std::uint8_t kHopByHop = 0;
constexpr std::uint8_t kRouting = 43;
constexpr std::uint8_t kFragmentHeader = 44;
constexpr std::uint8_t kAuthentication = 51;
constexpr std::uint8_t kDestination = 60;
constexpr std::uint8_t kMobility = 135;
constexpr std::uint8_t kHostIdentity = 139;
constexpr std::uint8_t kShim6 = 140;

bool is_extension(std::uint8_t next) {
  return next == kHopByHop || next == kRouting || next == kAuthentication || next == kDestination ||
         next == kMobility || next == kHostIdentity || next == kShim6;
}

}  // namespace

Undecoded Decoder::assemble(FragmentPiece& piece, Packet* packet) {
  piece.source = packet->source;
  piece.destination = packet->destination;
  piece.vlan = packet->vlan;
  piece.inner_vlan = packet->inner_vlan;
  WholeDatagram whole;
  if (const auto reason = fragments_.add(piece, &whole); reason != Undecoded::kNone) return reason;
  packet->protocol = whole.protocol;
  packet->ip_bytes = whole.ip_bytes;
  packet->packets = whole.packets;
  return decode_transport(whole.payload, static_cast<std::uint32_t>(whole.payload.size()), packet);
}

Undecoded Decoder::ipv4(Bytes bytes, std::uint32_t wire_bytes, Packet* packet) {
  if (bytes.size() < kV4Header) return Undecoded::kIpCut;
  const std::uint8_t* at = bytes.data();
  const std::size_t header = std::size_t{at[0]} % 16 * 4;
  std::uint32_t total = be16(at + 2);
  if (total == 0) total = wire_bytes;  // left to the network card to fill in
  if (at[0] / 16 != 4 || header < kV4Header || total < header) return Undecoded::kIpMalformed;
  if (bytes.size() < header) return Undecoded::kIpCut;
  packet->source = address_v4(at + 12);
  packet->destination = address_v4(at + 16);
  packet->protocol = at[9];
  packet->ip_bytes = total;
  const Bytes body = bytes.first(std::min<std::size_t>(bytes.size(), total)).subspan(header);
  const auto flags = be16(at + 6);
  if ((flags & 0x3fffU) == 0)
    return decode_transport(body, total - static_cast<std::uint32_t>(header), packet);
  if (bytes.size() < total) return Undecoded::kIpCut;
  FragmentPiece piece{.id = be16(at + 4),
                      .offset = (flags & 0x1fffU) * 8U,
                      .ip_bytes = total,
                      .protocol = at[9],
                      .has_more = (flags & 0x2000U) != 0,
                      .data = body};
  return assemble(piece, packet);
}

Undecoded Decoder::ipv6(Bytes bytes, std::uint32_t wire_bytes, Packet* packet) {
  if (bytes.size() < kV6Header) return Undecoded::kIpCut;
  if (bytes[0] / 16 != 6) return Undecoded::kIpMalformed;
  std::uint32_t length = be16(bytes.data() + 4);
  if (length == 0) length = wire_bytes > kV6Header ? wire_bytes - kV6Header : 0;  // a jumbogram
  packet->source = address_v6(bytes.data() + 8);
  packet->destination = address_v6(bytes.data() + 24);
  packet->ip_bytes = length + kV6Header;
  std::uint8_t next = bytes[6];
  Bytes body = bytes.subspan(kV6Header);
  const bool is_whole = body.size() >= length;
  if (is_whole) body = body.first(length);
  for (int count = 0; is_extension(next) || next == kFragmentHeader; ++count) {
    if (count == kMaxExtensions) return Undecoded::kTooManyExtensions;
    if (body.size() < 8) return Undecoded::kIpCut;
    if (next == kFragmentHeader) {
      const auto place = be16(body.data() + 2);
      const auto inner = body[0];
      if ((place & 0xfff9U) == 0) {  // an atomic fragment (RFC 6946) is a whole datagram
        next = inner;
        body = body.subspan(8);
        length -= 8;
        continue;
      }
      if (!is_whole) return Undecoded::kIpCut;
      // What comes behind a fragment header is read as transport: other headers there are rare,
      // and then the protocol of the flow says what they were.
      FragmentPiece piece{.id = be32(body.data() + 4),
                          .offset = place & 0xfff8U,
                          .ip_bytes = packet->ip_bytes,
                          .protocol = inner,
                          .has_more = (place & 1U) != 0,
                          .data = body.subspan(8)};
      return assemble(piece, packet);
    }
    const std::size_t size =
        next == kAuthentication ? (std::size_t{body[1]} + 2) * 4 : (std::size_t{body[1]} + 1) * 8;
    if (size > length) return Undecoded::kIpMalformed;
    if (size > body.size()) return Undecoded::kIpCut;
    next = body[0];
    body = body.subspan(size);
    length -= static_cast<std::uint32_t>(size);
  }
  packet->protocol = next;
  return decode_transport(body, length, packet);
}

Undecoded Decoder::decode(Bytes frame, std::uint32_t wire_bytes, LinkType link, Packet* packet) {
  Frame stripped;
  if (const auto reason = strip_link(frame, link, &stripped); reason != Undecoded::kNone)
    return reason;
  *packet = Packet{};
  packet->vlan = stripped.vlan;
  packet->inner_vlan = stripped.inner_vlan;
  const auto header = frame.size() - stripped.body.size();
  const auto rest = wire_bytes > header ? wire_bytes - static_cast<std::uint32_t>(header) : 0;
  switch (stripped.ether_type) {
    case kEtherIpv4: return ipv4(stripped.body, rest, packet);
    case kEtherIpv6: return ipv6(stripped.body, rest, packet);
    default: return decode_arp(stripped.body, packet);
  }
}

}  // namespace assay::agent::sensor
