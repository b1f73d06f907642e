// A certification authority for tests, made anew in memory: the real one is the collector's.
#pragma once

#include <cstdint>
#include <string>

#include "evidence/timestamp.h"

namespace assay::evidence {

struct KeyAndCertificate {
  std::string key;          // PEM
  std::string certificate;  // PEM
};

// What a test wants to be special about a certificate.
struct CertificateWish {
  std::string uri;  // subject alternative name; none when empty
  std::string second_uri;
  std::string group = "P-256";
  bool is_ca = false;
  std::string authority = "Test CA";  // by which the issuer is called
  std::string extended_use;           // "critical,timeStamping"; none when empty
  std::int64_t serial = 0x1234;
  Seconds not_before{std::chrono::sys_days(std::chrono::year(2026) / 11 / 1)};
  Seconds not_after{std::chrono::sys_days(std::chrono::year(2026) / 12 / 1)};
};

// Signed by `issuer`, or by itself when that is nullptr.
[[nodiscard]] KeyAndCertificate make_certificate(const CertificateWish& wish,
                                                 const KeyAndCertificate* issuer);

[[nodiscard]] KeyAndCertificate make_authority();
[[nodiscard]] KeyAndCertificate make_agent(const KeyAndCertificate& authority,
                                           const std::string& host_id);

}  // namespace assay::evidence
