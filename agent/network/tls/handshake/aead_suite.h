// The suites of TLS 1.3 (RFC 8446 B.4) with which a handshake is carried through.
#pragma once

#include <openssl/evp.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace assay::agent::tls {

// libcrypto's, looked up once: for a short text, looking one up takes longer than the hash.
inline const EVP_MD* fetched_sha256() {
  static const EVP_MD* const kHash = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return kHash;
}
inline const EVP_MD* fetched_sha384() {
  static const EVP_MD* const kHash = EVP_MD_fetch(nullptr, "SHA384", nullptr);
  return kHash;
}

struct AeadSuite {
  std::uint32_t code = 0;
  const EVP_CIPHER* (*cipher)() = nullptr;
  const EVP_MD* (*hash)() = nullptr;  // nullptr where libcrypto fails
  std::size_t key_bytes = 0;
  std::size_t hash_bytes = 0;
};

inline constexpr std::array kAeadSuites{
    AeadSuite{0x1302, EVP_aes_256_gcm, fetched_sha384, 32, 48},
    AeadSuite{0x1303, EVP_chacha20_poly1305, fetched_sha256, 32, 32},
    AeadSuite{0x1301, EVP_aes_128_gcm, fetched_sha256, 16, 32}};

[[nodiscard]] constexpr const AeadSuite* find_aead_suite(std::uint32_t code) {
  for (const auto& suite : kAeadSuites)
    if (suite.code == code) return &suite;
  return nullptr;
}

}  // namespace assay::agent::tls
