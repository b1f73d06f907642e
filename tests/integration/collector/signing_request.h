// PKCS #10 requests, as an agent makes them.
#pragma once

#include <string>

namespace assay::collector {

// In PEM, for a private key in PEM.
[[nodiscard]] std::string signing_request(const std::string& private_key);
// A private key in PEM on any curve that OpenSSL knows.
[[nodiscard]] std::string new_key_on(const char* curve);

}  // namespace assay::collector
