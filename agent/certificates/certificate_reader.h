// The certificates in a file: PEM (any number, with anything around them) or one in DER.
#pragma once

#include <openssl/x509.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/openssl_freed.h"
#include "evidence/result.h"

namespace assay::agent {

// Text from a certificate: a control character, NUL among them, stands as \00 to \1F or \7F.
struct Certificate {
  std::string common_name;  // of the subject; the last when there are several; may be empty
  std::string subject;      // "C = TW, O = Example, CN = www.example.tw"
  std::string issuer;
  std::string alternative_names;  // DNS names and addresses, separated by blanks; the first of many
  std::size_t alternative_name_count = 0;  // of all of them
  std::string serial;                      // hexadecimal
  std::string signing_algorithm;           // sha256WithRSAEncryption
  std::string key_algorithm;               // rsaEncryption, id-ecPublicKey, ED25519
  std::string key_usage;                   // words of RFC 5280, separated by commas
  std::string sha1;                        // fingerprints, hexadecimal
  std::string sha256;
  std::int64_t key_bits = 0;
  std::int64_t not_before = 0;  // seconds since 1970
  std::int64_t not_after = 0;
  bool is_authority = false;
  bool is_self_signed = false;  // the issuer is the subject
};

struct CertificateFile {
  std::vector<Certificate> certificates;  // none, when it is full of them: see is_bundle
  std::size_t unreadable = 0;             // blocks that say they are one and are not
  bool is_bundle = false;                 // more than kMaxCertificatesOfAServer
};

// One in DER and nothing else, as servers send it; nullptr when it is broken or over
// kMaxShownCertificateBytes.
using ParsedCertificate = std::unique_ptr<X509, evidence::Freed<X509_free>>;
[[nodiscard]] ParsedCertificate parse_der_certificate(std::string_view bytes);
// nullopt for nullptr, and when a date cannot be read.
[[nodiscard]] std::optional<Certificate> read_certificate(const ParsedCertificate& parsed);

// Never fails: bytes that hold no certificate give none.
[[nodiscard]] CertificateFile read_certificates(std::string_view bytes);

// More in one file is a store of authorities that are trusted, not a server's chain.
inline constexpr std::size_t kMaxCertificatesOfAServer = 20;
inline constexpr std::size_t kMaxCertificateBytes = 64U << 10U;       // in a file
inline constexpr std::size_t kMaxShownCertificateBytes = 256U << 10U;  // by a server
inline constexpr std::size_t kMaxAlternativeNameBytes = 4096;

}  // namespace assay::agent
