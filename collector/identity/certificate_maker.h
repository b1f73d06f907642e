// Makes X.509 certificates. The only place of the collector that writes them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

enum class CertificateUse { kAuthority, kServer, kAgent };

struct CertificateWish {
  CertificateUse use = CertificateUse::kAgent;
  std::string common_name;
  // As OpenSSL writes them: "DNS:collector.example", "IP:127.0.0.1", "URI:spiffe://…".
  std::vector<std::string> alternative_names;
  evidence::Seconds not_before;
  evidence::Seconds not_after;
};

// PEM. The CA's own certificate when `issuer_pem` is empty (then subject and issuer keys are one).
[[nodiscard]] Result<std::string> make_certificate(const CertificateWish& wish,
                                                   std::string_view subject_public_key_pem,
                                                   std::string_view issuer_pem,
                                                   std::string_view issuer_key_pem);

// The public key of a private key (PEM to PEM).
[[nodiscard]] Result<std::string> public_key_of(std::string_view private_key_pem);
// The public key of a PKCS #10 request, once its own signature and its curve are checked.
[[nodiscard]] Result<std::string> public_key_of_request(std::string_view request_pem);

}  // namespace assay::collector
