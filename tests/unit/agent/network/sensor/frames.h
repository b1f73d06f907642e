// Makes frames and captures for tests, byte by byte.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "agent/network/sensor/capture/record.h"
#include "agent/network/sensor/packet/address.h"

namespace assay::agent::sensor {

inline std::string number16(unsigned value) {
  return {static_cast<char>(value >> 8U & 0xffU), static_cast<char>(value & 0xffU)};
}
inline std::string number32(std::uint32_t value) {
  return number16(value >> 16U) + number16(value & 0xffffU);
}
inline std::string little32(std::uint32_t value) {
  const auto big = number32(value);
  return {big.rbegin(), big.rend()};
}
// 4 or 16 bytes.
inline std::string wire_address(std::string_view text) {
  const auto address = address_from(text).value();
  const auto low = number32(static_cast<std::uint32_t>(address.low >> 32U)) +
                   number32(static_cast<std::uint32_t>(address.low));
  if (address.is_v4()) return low.substr(4);
  return number32(static_cast<std::uint32_t>(address.high >> 32U)) +
         number32(static_cast<std::uint32_t>(address.high)) + low;
}

inline std::string tcp(unsigned from, unsigned to, std::uint32_t sequence, std::uint8_t flags,
                       std::string_view data = {}) {
  return number16(from) + number16(to) + number32(sequence) + number32(0) + std::string("\x50", 1) +
         static_cast<char>(flags) + number16(1024) + number32(0) + std::string(data);
}
inline std::string udp(unsigned from, unsigned to, std::string_view data) {
  return number16(from) + number16(to) + number16(static_cast<unsigned>(8 + data.size())) +
         number16(0) + std::string(data);
}
// `place`: flags and offset of a fragment.
inline std::string ipv4(std::string_view from, std::string_view to, std::uint8_t protocol,
                        std::string_view body, unsigned id = 1, unsigned place = 0) {
  return std::string("\x45\x00", 2) + number16(static_cast<unsigned>(20 + body.size())) +
         number16(id) + number16(place) + '\x40' + static_cast<char>(protocol) + number16(0) +
         wire_address(from) + wire_address(to) + std::string(body);
}
inline std::string ipv6(std::string_view from, std::string_view to, std::uint8_t next,
                        std::string_view body) {
  return std::string("\x60\x00\x00\x00", 4) + number16(static_cast<unsigned>(body.size())) +
         static_cast<char>(next) + '\x40' + wire_address(from) + wire_address(to) +
         std::string(body);
}
// `tags`: bytes of VLAN tags, as they stand before the type.
inline std::string ethernet(unsigned type, std::string_view body, std::string_view tags = {}) {
  return std::string("\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01", 12) + std::string(tags) +
         number16(type) + std::string(body);
}
inline std::string vlan_tag(unsigned type, unsigned id) {
  return number16(type) + number16(id);
}

inline Record record_of(std::string_view frame, std::int64_t seconds = 1'764'000'000,
                        LinkType link = LinkType::kEthernet) {
  return {.data = bytes_of(frame),
          .wire_bytes = static_cast<std::uint32_t>(frame.size()),
          .seconds = seconds,
          .link = link};
}

// A pcap file, little-endian, microseconds.
inline std::string pcap_header(std::uint32_t link = 1) {
  return little32(0xa1b2c3d4) + std::string("\x02\x00\x04\x00", 4) + little32(0) + little32(0) +
         little32(262'144) + little32(link);
}
inline std::string pcap_record(std::string_view frame, std::uint32_t seconds = 1'764'000'000) {
  const auto size = static_cast<std::uint32_t>(frame.size());
  return little32(seconds) + little32(0) + little32(size) + little32(size) + std::string(frame);
}

// A block of pcapng, little-endian.
inline std::string pcapng_block(std::uint32_t type, std::string body) {
  body.resize((body.size() + 3) / 4 * 4);
  const auto length = little32(static_cast<std::uint32_t>(body.size() + 12));
  return little32(type) + length + body + length;
}
inline std::string pcapng_section() {
  return pcapng_block(0x0a0d0d0a, little32(0x1a2b3c4d) + std::string("\x01\x00\x00\x00", 4) +
                                      std::string(8, '\xff'));
}
inline std::string pcapng_interface(unsigned link = 1, std::string_view options = {}) {
  return pcapng_block(1, std::string(1, static_cast<char>(link)) + std::string(3, '\0') +
                             little32(0) + std::string(options));
}
// `ticks`: in microseconds unless the interface says otherwise.
inline std::string pcapng_packet(std::string_view frame, std::uint64_t ticks,
                                 std::uint32_t interface = 0) {
  const auto size = little32(static_cast<std::uint32_t>(frame.size()));
  return pcapng_block(6, little32(interface) + little32(static_cast<std::uint32_t>(ticks >> 32U)) +
                             little32(static_cast<std::uint32_t>(ticks)) + size + size +
                             std::string(frame));
}

}  // namespace assay::agent::sensor
