// Public keys for a hello of TLS 1.3 that will not be carried on.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace assay::agent::tls {

// For x25519 the 32 bytes of `random`, which are some point of the curve; for secp256r1 its base
// point (SEC 2, 2.4.2). Nobody knows, or needs, the first one's private key.
[[nodiscard]] std::vector<std::pair<std::uint32_t, std::string>> common_key_shares(
    const std::array<char, 32>& random);

}  // namespace assay::agent::tls
