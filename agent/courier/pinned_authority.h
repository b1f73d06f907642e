// The first contact: which CA does that collector show, and is it the one of the token?
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "evidence/digest.h"
#include "evidence/result.h"

namespace assay::agent {

struct Address {
  std::string host;  // without brackets
  std::string port;
};
// HOST:PORT, [IPV6]:PORT. kUsage for anything else.
[[nodiscard]] Result<Address> address_from(std::string_view text);

// Shakes hands (TLS 1.3 only, nothing is sent over the connection), and answers with the
// certificate, PEM, of the chain that has this fingerprint.
// kUnavailable: nobody answers; kUnauthenticated: no such certificate in the chain.
[[nodiscard]] Result<std::string> fetch_authority(const Address& address,
                                                  const evidence::Digest& fingerprint,
                                                  std::chrono::seconds timeout);

}  // namespace assay::agent
