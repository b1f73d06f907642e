#include "agent/network/tls/audit/key_share.h"

namespace assay::agent::tls {

std::vector<std::pair<std::uint32_t, std::string>> common_key_shares(
    const std::array<char, 32>& random) {
  constexpr std::uint32_t kX25519 = 0x001D;
  constexpr std::uint32_t kSecp256r1 = 0x0017;
  static const std::string kBasePoint(
      "\x04"
      "\x6B\x17\xD1\xF2\xE1\x2C\x42\x47\xF8\xBC\xE6\xE5\x63\xA4\x40\xF2"
      "\x77\x03\x7D\x81\x2D\xEB\x33\xA0\xF4\xA1\x39\x45\xD8\x98\xC2\x96"
      "\x4F\xE3\x42\xE2\xFE\x1A\x7F\x9B\x8E\xE7\xEB\x4A\x7C\x0F\x9E\x16"
      "\x2B\xCE\x33\x57\x6B\x31\x5E\xCE\xCB\xB6\x40\x68\x37\xBF\x51\xF5",
      65);
  return {{kX25519, std::string(random.data(), random.size())}, {kSecp256r1, kBasePoint}};
}

}  // namespace assay::agent::tls
