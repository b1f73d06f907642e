// An endpoint to audit, as people write it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::agent::tls {

struct Target {
  std::string host;  // a name or an address
  std::uint16_t port = 443;
  std::string start_tls;      // the protocol before TLS; empty: none
  bool is_automatic = false;  // what is spoken before TLS is to be found out
  bool operator==(const Target&) const = default;
};

// "www.example.tw", "192.0.2.1:8443", "[2001:db8::1]:443", "2001:db8::1". `start_tls`: a protocol,
// "auto", or nothing. kUsage says what is wrong.
[[nodiscard]] Result<Target> target_from(std::string_view text, std::string_view start_tls);

}  // namespace assay::agent::tls
