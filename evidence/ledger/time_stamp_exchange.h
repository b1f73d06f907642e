// What is said to a time-stamp authority, and what may be believed of its answer (RFC 3161, 2.4).
//
// All functions are pure and may be called from any thread. A reply is hostile input.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "evidence/digest.h"
#include "evidence/result.h"

namespace assay::evidence {

struct TimeStampQuery {
  std::string der;
  Digest imprint;
  std::uint64_t nonce = 0;
};
// Asks for a stamp over the digest, with the authority's certificates, by a nonce of its own.
[[nodiscard]] Result<TimeStampQuery> time_stamp_query(const Digest& imprint);

// The token in the reply, DER. kRefused when the authority did not grant it; kUnauthenticated when
// it answers another query, or not one of `authorities` (PEM) signed it; kInvalidData.
[[nodiscard]] Result<std::string> time_stamp_in(std::string_view reply, const TimeStampQuery& query,
                                                std::string_view authorities);

}  // namespace assay::evidence
