// Groups for the exchange of keys: IANA, registry "TLS Supported Groups".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace assay::agent::tls {

struct NamedGroup {
  std::uint32_t code = 0;
  std::string_view name;  // IANA's
  std::int64_t bits = 0;  // of the field, or of the prime
  bool is_finite_field = false;
  bool is_for_tls13_only = false;
};

[[nodiscard]] std::span<const NamedGroup> all_groups();
[[nodiscard]] const NamedGroup* find_group(std::uint32_t code);
// Its name, or "0x1234".
[[nodiscard]] std::string group_name(std::uint32_t code);

}  // namespace assay::agent::tls
