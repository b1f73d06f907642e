// Whether a file of settings may say whom this machine sends packets to.
//
// Whoever can write it decides what the agent, with root's rights, knocks at. So the file and every
// folder above it belong to root, and nobody else may write there; and where a certificate of the
// company's lies beside it (sweep-trust.pem), the file bears a detached signature in FILE.sig:
//   openssl dgst -sha256 -sign KEY -out agent.yaml.sig agent.yaml
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::agent {

inline constexpr std::string_view kSweepTrust = "sweep-trust.pem";
inline constexpr std::string_view kSignatureEnd = ".sig";

// `text` is what was read of the file; `trust` the path of the certificate. `owner` is root; tests
// have another. kConfiguration says what is wrong.
[[nodiscard]] Status check_trusted_file(const std::string& path, std::string_view text,
                                        const std::string& trust, uid_t owner = 0);

}  // namespace assay::agent
