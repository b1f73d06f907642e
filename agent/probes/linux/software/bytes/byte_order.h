// Numbers of a fixed byte order. The caller has checked the length.
#pragma once

#include <cstdint>
#include <string_view>

namespace assay::agent {

[[nodiscard]] inline std::uint32_t byte_at(std::string_view bytes, std::size_t index) {
  return static_cast<unsigned char>(bytes[index]);
}
[[nodiscard]] inline std::uint32_t big_endian_32(std::string_view bytes) {
  return byte_at(bytes, 0) << 24U | byte_at(bytes, 1) << 16U | byte_at(bytes, 2) << 8U |
         byte_at(bytes, 3);
}
[[nodiscard]] inline std::uint32_t little_endian_32(std::string_view bytes) {
  return byte_at(bytes, 3) << 24U | byte_at(bytes, 2) << 16U | byte_at(bytes, 1) << 8U |
         byte_at(bytes, 0);
}
[[nodiscard]] inline std::uint32_t big_endian_16(std::string_view bytes) {
  return byte_at(bytes, 0) << 8U | byte_at(bytes, 1);
}
[[nodiscard]] inline std::uint32_t little_endian_16(std::string_view bytes) {
  return byte_at(bytes, 1) << 8U | byte_at(bytes, 0);
}
[[nodiscard]] inline std::uint64_t little_endian_64(std::string_view bytes) {
  return std::uint64_t{little_endian_32(bytes.substr(4))} << 32U | little_endian_32(bytes);
}

}  // namespace assay::agent
