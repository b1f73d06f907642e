// A code of the wire as people write it.
#pragma once

#include <cstdint>
#include <string>

namespace assay::agent::tls {

// "0xC02F"; three bytes where it does not fit into two.
[[nodiscard]] inline std::string code_text(std::uint32_t code) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out = "0x";
  for (int shift = code > 0xFFFF ? 20 : 12; shift >= 0; shift -= 4)
    out += kDigits[code >> static_cast<unsigned>(shift) & 15U];
  return out;
}

}  // namespace assay::agent::tls
