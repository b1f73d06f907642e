// The packets of a half-open sweep: an IP header and a TCP SYN, checksums by hand.
//
// Pure; the packet lies in the caller's room.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "agent/network/sensor/packet/address.h"

namespace assay::agent::sweep {

using sensor::Address;

// Of IPv6: 40, of IPv4: 20; TCP 20, and 4 of the one option that every system sends (MSS).
inline constexpr std::size_t kMaxSynBytes = 64;

// The Internet checksum (RFC 1071) of bytes at an even place of the whole, added to `sum`, which
// is not folded yet.
[[nodiscard]] std::uint64_t checksum_add(std::uint64_t sum, std::span<const std::uint8_t> bytes);
// Folded and complemented, as it stands in a header (host order).
[[nodiscard]] std::uint16_t checksum_fold(std::uint64_t sum);

// All that the packets to one address have in common, with the sum over it.
class SynTemplate {
 public:
  SynTemplate() = default;
  SynTemplate(const Address& source, std::uint16_t source_port, const Address& destination);

  // Writes the packet into `into` and returns its length.
  std::size_t write(std::uint16_t port, std::uint32_t sequence,
                    std::array<std::uint8_t, kMaxSynBytes>* into) const;

 private:
  std::array<std::uint8_t, kMaxSynBytes> bytes_{};
  std::uint64_t sum_ = 0;  // pseudo header and TCP header without port, sequence and checksum
  std::uint8_t tcp_at_ = 0;
  std::uint8_t size_ = 0;
};

}  // namespace assay::agent::sweep
