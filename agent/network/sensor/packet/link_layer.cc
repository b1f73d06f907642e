#include "agent/network/sensor/packet/link_layer.h"

namespace assay::agent::sensor {
namespace {

constexpr std::uint16_t kMaxLength = 0x05ff;  // smaller values are an IEEE 802.3 length
constexpr std::size_t kTagBytes = 4;

bool is_tag(std::uint16_t type) {
  return type == 0x8100 || type == 0x88a8 || type == 0x9100;
}

// `rest` stands behind `type`; takes off up to two tags.
Undecoded strip_tags(Bytes rest, std::uint16_t type, Frame* out) {
  for (int tags = 0; is_tag(type); ++tags) {
    if (tags == 2) return Undecoded::kTooManyTags;
    if (rest.size() < kTagBytes) return Undecoded::kLinkCut;
    const auto id = static_cast<std::uint16_t>(be16(rest.data()) & 0x0fffU);
    (tags == 0 ? out->vlan : out->inner_vlan) = id;
    type = be16(rest.data() + 2);
    rest = rest.subspan(kTagBytes);
  }
  if (type <= kMaxLength) return Undecoded::kOtherProtocol;
  if (type != kEtherIpv4 && type != kEtherIpv6 && type != kEtherArp)
    return Undecoded::kOtherProtocol;
  out->ether_type = type;
  out->body = rest;
  return Undecoded::kNone;
}

Undecoded typed(Bytes frame, std::size_t type_at, std::size_t header, Frame* out) {
  if (frame.size() < header) return Undecoded::kLinkCut;
  return strip_tags(frame.subspan(header), be16(frame.data() + type_at), out);
}

Undecoded raw(Bytes frame, Frame* out) {
  if (frame.empty()) return Undecoded::kIpCut;
  const unsigned version = frame[0] >> 4U;
  if (version != 4 && version != 6) return Undecoded::kIpMalformed;
  out->ether_type = version == 4 ? kEtherIpv4 : kEtherIpv6;
  out->body = frame;
  return Undecoded::kNone;
}

// Values of AF_INET and AF_INET6 of the systems that write this link type.
Undecoded loopback(Bytes frame, bool is_network_order, Frame* out) {
  if (frame.size() < 4) return Undecoded::kLinkCut;
  auto family = be32(frame.data());
  if (!is_network_order && family > 0xffff) family = __builtin_bswap32(family);
  if (family == 2)
    out->ether_type = kEtherIpv4;
  else if (family == 10 || family == 24 || family == 28 || family == 30)
    out->ether_type = kEtherIpv6;
  else
    return Undecoded::kOtherProtocol;
  out->body = frame.subspan(4);
  return Undecoded::kNone;
}

}  // namespace

Undecoded strip_link(Bytes frame, LinkType link, Frame* out) {
  switch (link) {
    case LinkType::kEthernet: return typed(frame, 12, 14, out);
    case LinkType::kLinuxSll: return typed(frame, 14, 16, out);
    case LinkType::kLinuxSll2: return typed(frame, 0, 20, out);
    case LinkType::kNull: return loopback(frame, false, out);
    case LinkType::kLoop: return loopback(frame, true, out);
    case LinkType::kRaw:
    case LinkType::kIpv4:
    case LinkType::kIpv6: return raw(frame, out);
  }
  return Undecoded::kUnknownLink;
}

}  // namespace assay::agent::sensor
