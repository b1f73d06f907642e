// The cipher suites that a TLS server may be offered, with what an auditor asks of each.
//
// All of IANA's registry "TLS Cipher Suites" (SSLv3 to TLS 1.3; as of 2026-11, without signalling
// values), and those that servers have spoken without registering. Constant data; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace assay::agent::tls {

enum class KeyExchange : std::uint8_t {
  kNoKeyExchange,
  kRsa,  // the client encrypts the secret to the server's key
  kDh,   // the server's share is in its certificate
  kDhe,  // a share of its own for each connection; also with PSK and without authentication
  kEcdh,
  kEcdhe,
  kEcmqv,
  kPsk,  // nothing but a shared key
  kSrp,
  kKerberos,
  kKea,
  kGost,
  kCecpq1,
  kTls13,  // (EC)DHE, negotiated apart from the suite
};

enum class Authentication : std::uint8_t {
  kByNobody,
  kByRsa,
  kByDss,
  kByEcdsa,
  kByPsk,
  kByPassword,
  kByKerberos,
  kByGost,
  kByCertificate,  // TLS 1.3: of any kind, negotiated apart from the suite
};

enum class BulkCipher : std::uint8_t {
  kNull,
  kRc4With40,
  kRc4With56,
  kRc4,
  kRc2With40,
  kRc2With56,
  kRc2,
  kDesWith40,
  kDes,
  kTripleDes,
  kIdea,
  kSkipjack,
  kSeed,
  kGost28147,
  kMagma,
  kKuznyechik,
  kSm4Gcm,
  kSm4Ccm,
  kAes128Cbc,
  kAes128Gcm,
  kAes128Ccm,
  kAes128Ccm8,
  kAes256Cbc,
  kAes256Gcm,
  kAes256Ccm,
  kAes256Ccm8,
  kCamellia128Cbc,
  kCamellia128Gcm,
  kCamellia256Cbc,
  kCamellia256Gcm,
  kAria128Cbc,
  kAria128Gcm,
  kAria256Cbc,
  kAria256Gcm,
  kChaCha20,
  kAegis128,
  kAegis256,
};

struct CipherSuite {
  std::uint32_t code = 0;  // as on the wire: two bytes, three for SSLv2
  std::string_view name;   // IANA's
  KeyExchange key_exchange = KeyExchange::kNoKeyExchange;
  Authentication authentication = Authentication::kByNobody;
  BulkCipher cipher = BulkCipher::kNull;
  std::string_view source;  // the document that defines it
};

// Sorted by code; SSLv2's are apart.
[[nodiscard]] std::span<const CipherSuite> all_suites();
[[nodiscard]] std::span<const CipherSuite> ssl2_suites();
// nullptr when nobody has defined it.
[[nodiscard]] const CipherSuite* find_suite(std::uint32_t code);
[[nodiscard]] const CipherSuite* find_ssl2_suite(std::uint32_t code);
// Whether it can be negotiated in TLS 1.3 and nothing else.
[[nodiscard]] bool is_for_tls13(const CipherSuite& suite);

struct CipherFacts {
  std::string_view name;          // "AES-GCM"
  std::int64_t bits = 0;          // of the key that an attacker has to find
  bool is_authenticated = false;  // AEAD
};
[[nodiscard]] CipherFacts facts_of(BulkCipher cipher);

// Stable words for tables: "ecdhe", "rsa", "anonymous" …
[[nodiscard]] std::string_view name_of(KeyExchange key_exchange);
[[nodiscard]] std::string_view name_of(Authentication authentication);

// Whether a recorded connection stays secret when the server's key is found later.
[[nodiscard]] bool has_forward_secrecy(const CipherSuite& suite);

struct Weakness {
  bool is_broken = false;  // else: weak, to be phased out
  std::string reason;      // all of them, the worst first: "RC4; no forward secrecy"
  std::string basis;       // the documents that say so: "RFC 7465; RFC 9325 4.1"
};
// nullopt: nothing is known against it.
[[nodiscard]] std::optional<Weakness> weakness_of(const CipherSuite& suite);

}  // namespace assay::agent::tls
