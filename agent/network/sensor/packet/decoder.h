// From a frame to a Packet: link, IPv4 and IPv6, TCP and UDP, ARP and neighbour discovery.
//
// One object per source of packets, for its unfinished datagrams; not for several threads.
#pragma once

#include "agent/network/sensor/packet/fragments.h"
#include "agent/network/sensor/packet/packet.h"

namespace assay::agent::sensor {

class Decoder {
 public:
  // `wire_bytes`: the frame's length before the capture cut it. kNone: `packet` is valid until
  // the next call. Everything else says why it is not; kFragment is no loss.
  [[nodiscard]] Undecoded decode(Bytes frame, std::uint32_t wire_bytes, LinkType link,
                                 Packet* packet);

  [[nodiscard]] const Fragments& fragments() const { return fragments_; }

 private:
  Undecoded ipv4(Bytes bytes, std::uint32_t wire_bytes, Packet* packet);
  Undecoded ipv6(Bytes bytes, std::uint32_t wire_bytes, Packet* packet);
  Undecoded assemble(FragmentPiece& piece, Packet* packet);

  Fragments fragments_;
};

// Ports, flags and payload out of what IP carries. `body_bytes`: its length on the wire.
[[nodiscard]] Undecoded decode_transport(Bytes body, std::uint32_t body_bytes, Packet* packet);
// ARP over Ethernet (RFC 826): the sender.
[[nodiscard]] Undecoded decode_arp(Bytes body, Packet* packet);

}  // namespace assay::agent::sensor
