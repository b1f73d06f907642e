// A new key, and the request by which the collector issues a certificate for it.
#pragma once

#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::agent {

struct SigningRequest {
  std::string key;      // PKCS #8 PEM, ECDSA P-256; never leaves this machine
  std::string request;  // PKCS #10 PEM, signed with the key
};

// `host_name` becomes the common name (cut to 64 bytes); the collector ignores it.
[[nodiscard]] Result<SigningRequest> new_signing_request(std::string_view host_name);

// kInvalidData unless the certificate is for that private key.
[[nodiscard]] Status check_key_fits(std::string_view key_pem, std::string_view certificate_pem);

}  // namespace assay::agent
