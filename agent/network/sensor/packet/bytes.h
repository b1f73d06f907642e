// Bytes as they came from the wire, and numbers in network order.
//
// The readers do not check: the caller has asked for the size before.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace assay::agent::sensor {

using Bytes = std::span<const std::uint8_t>;

static_assert(std::endian::native == std::endian::little, "network order is turned round below");

[[nodiscard]] inline std::uint16_t be16(const std::uint8_t* at) {
  std::uint16_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return __builtin_bswap16(value);
}
[[nodiscard]] inline std::uint32_t be32(const std::uint8_t* at) {
  std::uint32_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return __builtin_bswap32(value);
}
[[nodiscard]] inline std::uint64_t be64(const std::uint8_t* at) {
  std::uint64_t value = 0;
  std::memcpy(&value, at, sizeof value);
  return __builtin_bswap64(value);
}

[[nodiscard]] inline std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
[[nodiscard]] inline Bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace assay::agent::sensor
