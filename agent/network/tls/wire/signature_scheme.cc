#include "agent/network/tls/wire/signature_scheme.h"

#include <algorithm>
#include <array>

#include "agent/network/tls/wire/hexadecimal.h"

namespace assay::agent::tls {

std::span<const SignatureScheme> all_signature_schemes() {
  using enum SignatureKey;
  static constexpr std::array<SignatureScheme, 34> kSchemes{{
      {0x0403, "ecdsa_secp256r1_sha256", kEcdsa, true},
      {0x0804, "rsa_pss_rsae_sha256", kRsa, true},
      {0x0401, "rsa_pkcs1_sha256", kRsa},
      {0x0503, "ecdsa_secp384r1_sha384", kEcdsa, true},
      {0x0805, "rsa_pss_rsae_sha384", kRsa, true},
      {0x0501, "rsa_pkcs1_sha384", kRsa},
      {0x0603, "ecdsa_secp521r1_sha512", kEcdsa, true},
      {0x0806, "rsa_pss_rsae_sha512", kRsa, true},
      {0x0601, "rsa_pkcs1_sha512", kRsa},
      {0x0807, "ed25519", kEdwards, true},
      {0x0808, "ed448", kEdwards, true},
      {0x0809, "rsa_pss_pss_sha256", kRsaPss, true},
      {0x080A, "rsa_pss_pss_sha384", kRsaPss, true},
      {0x080B, "rsa_pss_pss_sha512", kRsaPss, true},
      {0x081A, "ecdsa_brainpoolP256r1tls13_sha256", kEcdsa, true},
      {0x081B, "ecdsa_brainpoolP384r1tls13_sha384", kEcdsa, true},
      {0x081C, "ecdsa_brainpoolP512r1tls13_sha512", kEcdsa, true},
      {0x0904, "mldsa44", kOther, true},
      {0x0905, "mldsa65", kOther, true},
      {0x0906, "mldsa87", kOther, true},
      {0x0708, "sm2sig_sm3", kOther, true},
      {0x0303, "ecdsa_sha224", kEcdsa},
      {0x0301, "rsa_pkcs1_sha224", kRsa},
      {0x0602, "dsa_sha512", kDsa},
      {0x0502, "dsa_sha384", kDsa},
      {0x0402, "dsa_sha256", kDsa},
      {0x0302, "dsa_sha224", kDsa},
      {0x0203, "ecdsa_sha1", kEcdsa},
      {0x0201, "rsa_pkcs1_sha1", kRsa},
      {0x0202, "dsa_sha1", kDsa},
      {0x0103, "ecdsa_md5", kEcdsa},
      {0x0101, "rsa_pkcs1_md5", kRsa},
      {0x0840, "gostr34102012_256", kOther},
      {0x0841, "gostr34102012_512", kOther},
  }};
  return kSchemes;
}

const SignatureScheme* find_signature_scheme(std::uint32_t code) {
  const auto schemes = all_signature_schemes();
  const auto found = std::ranges::find(schemes, code, &SignatureScheme::code);
  return found == schemes.end() ? nullptr : &*found;
}

std::string signature_scheme_name(std::uint32_t code) {
  const auto* scheme = find_signature_scheme(code);
  return scheme != nullptr ? std::string(scheme->name) : code_text(code);
}

}  // namespace assay::agent::tls
