// Time-stamp tokens (RFC 3161): an authority's signature that a digest was shown to it at a time.
// The ledger has its checkpoints stamped, so that not even who holds its key can date them back
// (docs/formats/ledger.md).
//
// All functions are pure and may be called from any thread. A token is hostile input.
#pragma once

#include <string>
#include <string_view>

#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::evidence {

// A token, or a reply that holds one: the authority's certificates are in it.
inline constexpr std::size_t kMaxTimeStampBytes = 64U << 10U;
// PEM of the authorities that are trusted, one behind the other.
inline constexpr std::size_t kMaxStampAuthoritiesBytes = 256U << 10U;

struct TimeStamp {
  Digest imprint;         // of what was shown to the authority
  Seconds at;             // without the fraction of a second that some write
  std::string serial;     // of the token, hexadecimal
  std::string authority;  // the subject of the certificate that signed it, RFC 4514
};

// What the token says. Its signature is checked with the certificate that it brings along, for
// which nobody vouches. kInvalidData: no token in strict DER over a SHA-256; kUnauthenticated: not
// what its certificate signed.
[[nodiscard]] Result<TimeStamp> read_time_stamp(std::string_view token);

// The same, and that it is over `imprint`, and that its certificate is good for time stamps alone,
// leads to one of `authorities` (PEM), and was valid with its whole chain when it stamped: it has
// often ended since. Revocation is not looked at. kUnauthenticated.
[[nodiscard]] Result<TimeStamp> verify_time_stamp(std::string_view token, const Digest& imprint,
                                                  std::string_view authorities);

// Whether there are certificates in the PEM, and nothing that cannot be read. kInvalidData.
[[nodiscard]] Status check_stamp_authorities(std::string_view pem);

}  // namespace assay::evidence
