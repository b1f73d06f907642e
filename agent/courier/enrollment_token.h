// The one-time token: "<secret>.<SHA-256 of the CA's certificate, DER, 64 hexadecimal digits>".
#pragma once

#include <string>
#include <string_view>

#include "evidence/digest.h"
#include "evidence/result.h"

namespace assay::agent {

struct EnrollmentToken {
  std::string secret;
  evidence::Digest authority;
};

// White space around it is cut off. kUsage with what is wrong, never with the token itself.
[[nodiscard]] Result<EnrollmentToken> enrollment_token_from(std::string_view text);

}  // namespace assay::agent
