// Takes the link's header off a frame: Ethernet with VLAN and QinQ tags (IEEE 802.1Q, 802.1ad),
// Linux cooked capture v1 and v2, BSD loopback, and raw IP.
#pragma once

#include "agent/network/sensor/packet/packet.h"

namespace assay::agent::sensor {

inline constexpr std::uint16_t kEtherIpv4 = 0x0800;
inline constexpr std::uint16_t kEtherArp = 0x0806;
inline constexpr std::uint16_t kEtherIpv6 = 0x86dd;

struct Frame {
  Bytes body;                    // behind the link's header
  std::uint16_t ether_type = 0;  // kEtherIpv4, kEtherIpv6 or kEtherArp
  std::uint16_t vlan = 0;
  std::uint16_t inner_vlan = 0;
};

[[nodiscard]] Undecoded strip_link(Bytes frame, LinkType link, Frame* out);

}  // namespace assay::agent::sensor
