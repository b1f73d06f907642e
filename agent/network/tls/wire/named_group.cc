#include "agent/network/tls/wire/named_group.h"

#include <algorithm>
#include <array>

#include "agent/network/tls/wire/hexadecimal.h"

namespace assay::agent::tls {

std::span<const NamedGroup> all_groups() {
  // As many clients order them: what is common first, so that a server that only looks at the
  // first few finds one.
  static constexpr std::array<NamedGroup, 54> kGroups{{
      {0x001D, "x25519", 255},
      {0x0017, "secp256r1", 256},
      {0x0018, "secp384r1", 384},
      {0x0019, "secp521r1", 521},
      {0x001E, "x448", 448},
      {0x11EC, "X25519MLKEM768", 255, false, true},
      {0x11EB, "SecP256r1MLKEM768", 256, false, true},
      {0x11ED, "SecP384r1MLKEM1024", 384, false, true},
      {0x6399, "X25519Kyber768Draft00", 255, false, true},
      {0x639A, "SecP256r1Kyber768Draft00", 256, false, true},
      {0x0200, "MLKEM512", 512, false, true},
      {0x0201, "MLKEM768", 768, false, true},
      {0x0202, "MLKEM1024", 1024, false, true},
      {0x0029, "curveSM2", 256, false, true},
      {0x001A, "brainpoolP256r1", 256},
      {0x001B, "brainpoolP384r1", 384},
      {0x001C, "brainpoolP512r1", 512},
      {0x001F, "brainpoolP256r1tls13", 256, false, true},
      {0x0020, "brainpoolP384r1tls13", 384, false, true},
      {0x0021, "brainpoolP512r1tls13", 512, false, true},
      {0x0022, "GC256A", 256},
      {0x0023, "GC256B", 256},
      {0x0024, "GC256C", 256},
      {0x0025, "GC256D", 256},
      {0x0026, "GC512A", 512},
      {0x0027, "GC512B", 512},
      {0x0028, "GC512C", 512},
      {0x0016, "secp256k1", 256},
      {0x0015, "secp224r1", 224},
      {0x0014, "secp224k1", 224},
      {0x0013, "secp192r1", 192},
      {0x0012, "secp192k1", 192},
      {0x0011, "secp160r2", 160},
      {0x0010, "secp160r1", 160},
      {0x000F, "secp160k1", 160},
      {0x000E, "sect571r1", 571},
      {0x000D, "sect571k1", 571},
      {0x000C, "sect409r1", 409},
      {0x000B, "sect409k1", 409},
      {0x000A, "sect283r1", 283},
      {0x0009, "sect283k1", 283},
      {0x0008, "sect239k1", 239},
      {0x0007, "sect233r1", 233},
      {0x0006, "sect233k1", 233},
      {0x0005, "sect193r2", 193},
      {0x0004, "sect193r1", 193},
      {0x0003, "sect163r2", 163},
      {0x0002, "sect163r1", 163},
      {0x0001, "sect163k1", 163},
      {0x0100, "ffdhe2048", 2048, true},
      {0x0101, "ffdhe3072", 3072, true},
      {0x0102, "ffdhe4096", 4096, true},
      {0x0103, "ffdhe6144", 6144, true},
      {0x0104, "ffdhe8192", 8192, true},
  }};
  return kGroups;
}

const NamedGroup* find_group(std::uint32_t code) {
  const auto groups = all_groups();
  const auto found = std::ranges::find(groups, code, &NamedGroup::code);
  return found == groups.end() ? nullptr : &*found;
}

std::string group_name(std::uint32_t code) {
  const auto* group = find_group(code);
  return group != nullptr ? std::string(group->name) : code_text(code);
}

}  // namespace assay::agent::tls
