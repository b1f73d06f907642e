// Addresses of servers as settings write them.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace assay::agent {

// A URL or host without the parts that may be a password or a token: what stands before '@', and
// what follows '?' or '#'.
[[nodiscard]] inline std::string without_secrets(std::string_view address) {
  const auto scheme = address.find("://");
  const auto host = scheme == std::string_view::npos ? 0 : scheme + 3;
  address = address.substr(0, address.find_first_of("?#", host));
  const auto end = std::min(address.find('/', host), address.size());
  const auto at = address.substr(0, end).rfind('@');
  if (at == std::string_view::npos || at < host) return std::string(address);
  return std::string(address.substr(0, host)).append(address.substr(at + 1));
}

}  // namespace assay::agent
