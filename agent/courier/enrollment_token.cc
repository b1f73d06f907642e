#include "agent/courier/enrollment_token.h"

#include "assay/v1/limits.pb.h"

namespace assay::agent {

Result<EnrollmentToken> enrollment_token_from(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return fail(Code::kUsage, "the token is empty");
  text = text.substr(first, text.find_last_not_of(kSpace) - first + 1);
  const auto dot = text.rfind('.');
  if (dot == std::string_view::npos || dot == 0)
    return fail(Code::kUsage, "this is not a token: it has the form SECRET.FINGERPRINT");
  if (dot > v1::LIMIT_TOKEN_BYTES) return fail(Code::kUsage, "the token is too long");
  const auto authority = evidence::Digest::from_hex(text.substr(dot + 1));
  if (!authority)
    return fail(Code::kUsage, "the token's fingerprint is not 64 hexadecimal digits; was it cut?");
  return EnrollmentToken{std::string(text.substr(0, dot)), *authority};
}

}  // namespace assay::agent
