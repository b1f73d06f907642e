// Puts fragmented IP datagrams together within fixed memory. Overlapping fragments make the
// datagram void, as RFC 5722 asks for IPv6; for IPv4 the sensor is as strict, since two systems
// would read such a datagram differently.
//
// One object per source of packets; not for several threads.
#pragma once

#include <cstdint>
#include <vector>

#include "agent/network/sensor/packet/packet.h"

namespace assay::agent::sensor {

inline constexpr std::size_t kMaxDatagrams = 64;  // under way at a time
inline constexpr std::size_t kMaxPieces = 64;     // of one datagram
inline constexpr std::size_t kMaxDatagramBytes = 65'535;

struct FragmentPiece {
  Address source;
  Address destination;
  std::uint32_t id = 0;
  std::uint32_t offset = 0;  // in bytes
  std::uint32_t ip_bytes = 0;
  std::uint16_t vlan = 0;
  std::uint16_t inner_vlan = 0;
  std::uint8_t protocol = 0;
  bool has_more = false;
  Bytes data;
};

struct WholeDatagram {
  Bytes payload;  // valid until the next add()
  std::uint32_t ip_bytes = 0;
  std::uint32_t packets = 0;
  std::uint8_t protocol = 0;
};

class Fragments {
 public:
  // kNone: `whole` is the datagram. kFragment: kept. kFragmentMalformed: it and its datagram
  // are void.
  [[nodiscard]] Undecoded add(const FragmentPiece& piece, WholeDatagram* whole);

  // Datagrams that were given up before they were whole, for want of room.
  [[nodiscard]] std::uint64_t given_up() const { return given_up_; }
  // Datagrams that still wait for a part.
  [[nodiscard]] std::uint64_t waiting() const;

 private:
  struct Range {
    std::uint32_t begin;
    std::uint32_t end;
  };
  struct Datagram {
    FragmentPiece head;  // what names it; its data is not used
    std::vector<std::uint8_t> bytes;
    std::vector<Range> ranges;  // sorted, apart
    std::uint32_t end = 0;      // 0: the last fragment has not come
    std::uint32_t ip_bytes = 0;
    std::uint32_t packets = 0;
    std::uint64_t used = 0;  // 0: the place is free
    bool is_void = false;
  };

  Datagram& place_for(const FragmentPiece& piece);
  static bool fits(const Datagram& datagram, const FragmentPiece& piece);
  static void insert(Datagram& datagram, const FragmentPiece& piece);

  std::vector<Datagram> datagrams_;
  std::vector<std::uint8_t> whole_;
  std::uint64_t clock_ = 0;
  std::uint64_t given_up_ = 0;
};

}  // namespace assay::agent::sensor
