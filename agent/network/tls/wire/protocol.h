// The versions of the protocol, and how the wire and people name them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace assay::agent::tls {

enum class Protocol : std::uint8_t { kSsl2, kSsl3, kTls10, kTls11, kTls12, kTls13 };

inline constexpr std::array kAllProtocols{Protocol::kSsl2,  Protocol::kSsl3,  Protocol::kTls10,
                                          Protocol::kTls11, Protocol::kTls12, Protocol::kTls13};

// 0x0303 for TLS 1.2; 0x0002 for SSLv2.
[[nodiscard]] constexpr std::uint32_t version_of(Protocol protocol) {
  return protocol == Protocol::kSsl2 ? 0x0002U : 0x02FFU + static_cast<std::uint32_t>(protocol);
}
// nullopt for a version that nobody has defined.
[[nodiscard]] constexpr std::optional<Protocol> protocol_of(std::uint32_t version) {
  for (const auto protocol : kAllProtocols)
    if (version_of(protocol) == version) return protocol;
  return std::nullopt;
}
// "SSLv3", "TLSv1.2": as in weak_algorithms and crypto_policy.
[[nodiscard]] constexpr std::string_view name_of(Protocol protocol) {
  constexpr std::array<std::string_view, 6> kNames{"SSLv2",   "SSLv3",   "TLSv1.0",
                                                   "TLSv1.1", "TLSv1.2", "TLSv1.3"};
  return kNames[static_cast<std::size_t>(protocol)];
}

}  // namespace assay::agent::tls
