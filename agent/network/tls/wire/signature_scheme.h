// Signature algorithms: IANA, registry "TLS SignatureScheme", and the pairs of RFC 5246 7.4.1.4.1.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace assay::agent::tls {

enum class SignatureKey : std::uint8_t { kRsa, kRsaPss, kEcdsa, kDsa, kEdwards, kOther };

struct SignatureScheme {
  std::uint32_t code = 0;
  std::string_view name;
  SignatureKey key = SignatureKey::kOther;
  bool is_for_tls13 = false;  // may sign a handshake of TLS 1.3
};

[[nodiscard]] std::span<const SignatureScheme> all_signature_schemes();
[[nodiscard]] const SignatureScheme* find_signature_scheme(std::uint32_t code);
[[nodiscard]] std::string signature_scheme_name(std::uint32_t code);

}  // namespace assay::agent::tls
