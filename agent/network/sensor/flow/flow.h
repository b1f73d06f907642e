// A flow: the packets of one 5-tuple in one VLAN, both directions.
#pragma once

#include <array>
#include <cstdint>

#include "agent/network/sensor/packet/packet.h"

namespace assay::agent::sensor {

// How it is known who began.
enum class Began : std::uint8_t {
  kOpening,  // the SYN, or the answer to it, was seen
  kContent,  // what was said tells client from server
  kPort,     // the lower port is the server's
  kFirst,    // the sender of the first packet seen is taken for the client
};

// The ends in an order of their own, so that both directions have one key.
struct FlowKey {
  Address low;
  Address high;
  std::uint16_t low_port = 0;
  std::uint16_t high_port = 0;
  std::uint16_t vlan = 0;
  std::uint16_t inner_vlan = 0;
  std::uint8_t protocol = 0;
  bool operator==(const FlowKey&) const = default;
};

// Index of a direction in Flow's arrays.
enum Side : std::uint8_t { kLow = 0, kHigh = 1 };

struct KeyOfPacket {
  FlowKey key;
  Side sender = kLow;
};
[[nodiscard]] inline KeyOfPacket key_of(const Packet& packet) {
  KeyOfPacket made;
  const bool is_low = packet.source != packet.destination
                          ? packet.source < packet.destination
                          : packet.source_port <= packet.destination_port;
  made.key = is_low ? FlowKey{packet.source,           packet.destination, packet.source_port,
                              packet.destination_port, packet.vlan,        packet.inner_vlan,
                              packet.protocol}
                    : FlowKey{packet.destination, packet.source, packet.destination_port,
                              packet.source_port, packet.vlan,   packet.inner_vlan,
                              packet.protocol};
  made.sender = is_low ? kLow : kHigh;
  return made;
}

// The 64-bit finaliser of MurmurHash3 over a keyed sum: whoever does not know `seed` cannot aim
// flows at one place of the table.
[[nodiscard]] inline std::uint64_t mix(std::uint64_t value) {
  value = (value ^ (value >> 33U)) * 0xff51afd7ed558ccdULL;
  value = (value ^ (value >> 33U)) * 0xc4ceb9fe1a85ec53ULL;
  return value ^ (value >> 33U);
}
[[nodiscard]] inline std::uint64_t hash_of(const FlowKey& key, std::uint64_t seed) {
  const auto ports = std::uint64_t{key.low_port} << 48U | std::uint64_t{key.high_port} << 32U |
                     std::uint64_t{key.vlan} << 16U | key.inner_vlan;
  std::uint64_t hash = mix(seed ^ key.low.low ^ (std::uint64_t{key.protocol} << 56U));
  hash = mix(hash ^ key.high.low);
  if ((key.low.high | key.high.high) != 0) hash = mix(mix(hash ^ key.low.high) ^ key.high.high);
  return mix(hash ^ ports);
}

inline constexpr std::uint32_t kNoStream = 0xffffffff;    // none yet
inline constexpr std::uint32_t kStreamDone = 0xfffffffe;  // nothing more is looked for

struct Flow {
  FlowKey key;
  Side client = kLow;
  Began began = Began::kFirst;
  std::uint8_t flags = 0;                  // of TCP, all that were seen
  bool is_answered = false;                // the server sent something that is no RST
  std::array<std::uint64_t, 2> packets{};  // by Side of the sender
  std::array<std::uint64_t, 2> bytes{};    // of IP
  std::uint32_t first = 0;                 // seconds since 1970; 0: not known
  std::uint32_t last = 0;
  std::array<std::uint32_t, 2> begin_sequence{};  // of the first byte of data, behind the SYN
  std::uint32_t stream = kNoStream;
  std::uint32_t name = 0;  // the server's name as the client said it; 0: none
  std::uint16_t tls_version = 0;
  std::uint16_t tls_suite = 0;
  std::uint8_t service = 0;  // index of the recogniser; 0: not recognised
  std::uint8_t tries = 0;    // datagrams that no recogniser knew
  std::uint8_t ended = 0;    // by Side, a bit each: it sent its last
  std::array<bool, 2> has_begin{};
  bool is_later_http = false;  // each request is looked at, not only the first
  bool is_off_hours = false;

  [[nodiscard]] const Address& address(Side side) const {
    return side == kLow ? key.low : key.high;
  }
  [[nodiscard]] std::uint16_t port(Side side) const {
    return side == kLow ? key.low_port : key.high_port;
  }
  [[nodiscard]] Side server() const { return client == kLow ? kHigh : kLow; }
};

// Who began, by the first packet alone.
void judge_beginning(const Packet& packet, Side sender, Flow* flow);

}  // namespace assay::agent::sensor
