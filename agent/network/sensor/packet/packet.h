// What the decoders make of one frame.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "agent/network/sensor/packet/address.h"
#include "agent/network/sensor/packet/bytes.h"

namespace assay::agent::sensor {

// Values of LINKTYPE_ that are decoded, as capture files bear them.
enum class LinkType : std::uint32_t {
  kNull = 0,  // BSD loopback, in the byte order of the machine that captured
  kEthernet = 1,
  kRaw = 101,   // an IPv4 or IPv6 packet; libpcap also writes 12 and 14
  kLoop = 108,  // OpenBSD loopback, in network order
  kLinuxSll = 113,
  kIpv4 = 228,
  kIpv6 = 229,
  kLinuxSll2 = 276,
};

// Why a frame, or a part of it, was not decoded. Each is counted and told.
enum class Undecoded : std::uint8_t {
  kNone,
  kUnknownLink,    // a link type that is not decoded
  kLinkCut,        // the frame ends within the link's header
  kOtherProtocol,  // neither IP nor ARP: STP, LLDP, MPLS …
  kTooManyTags,    // more VLAN tags than two
  kIpCut,          // the frame ends within the IP header
  kIpMalformed,    // a version, length or order that no header has
  kTooManyExtensions,
  kFragment,  // part of a datagram, kept until the rest is here; not a loss
  kFragmentMalformed,
  kTransportCut,  // the frame ends within the header of TCP or UDP
  kTransportMalformed,
  kCount,
};
inline constexpr std::size_t kUndecodedReasons = static_cast<std::size_t>(Undecoded::kCount);

// A few words for the table, in English as its other fixed values.
[[nodiscard]] std::string_view name_of(Undecoded reason);

inline constexpr std::uint8_t kTcp = 6;
inline constexpr std::uint8_t kUdp = 17;
inline constexpr std::uint8_t kIcmp = 1;
inline constexpr std::uint8_t kIcmpV6 = 58;

inline constexpr std::uint8_t kFin = 0x01;
inline constexpr std::uint8_t kSyn = 0x02;
inline constexpr std::uint8_t kRst = 0x04;
inline constexpr std::uint8_t kAck = 0x10;

using Mac = std::array<std::uint8_t, 6>;

// Who has an address, said by ARP or neighbour discovery.
struct Neighbour {
  Address address;
  Mac mac{};
};

struct Packet {
  Address source;
  Address destination;
  Bytes payload;                    // of the transport, as far as it was captured
  std::uint32_t sequence = 0;       // TCP
  std::uint32_t payload_bytes = 0;  // on the wire, where the capture may have cut
  std::uint32_t ip_bytes = 0;       // length of the IP packet on the wire
  std::uint32_t packets = 1;        // more than one when put together from fragments
  std::uint16_t source_port = 0;    // TCP and UDP, else 0
  std::uint16_t destination_port = 0;
  std::uint16_t vlan = 0;        // outer tag, 0: none
  std::uint16_t inner_vlan = 0;  // of QinQ, 0: none
  std::uint8_t protocol = 0;
  std::uint8_t tcp_flags = 0;
  bool is_arp = false;  // then only `neighbour` and the tags are meant
  bool has_neighbour = false;
  Neighbour neighbour;
};

}  // namespace assay::agent::sensor
