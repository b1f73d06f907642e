// Numbers as zip archives write them. The caller has checked that they are there.
#pragma once

#include <cstdint>
#include <string_view>

namespace assay::agent {

template <typename Number>
[[nodiscard]] Number little_endian(std::string_view bytes, std::size_t at) {
  std::uint64_t value = 0;
  for (std::size_t i = sizeof(Number); i > 0; --i)
    value = value << 8U | static_cast<unsigned char>(bytes[at + i - 1]);
  return static_cast<Number>(value);
}

}  // namespace assay::agent
