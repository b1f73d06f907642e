// TFTP (RFC 1350), which knows no log-in.
//
// Sent: a request to read a file that nobody has.
#include "agent/network/services/protocols/registry.h"

namespace assay::agent::services {

std::vector<std::string> tftp_requests(const Options&) {
  using std::string_literals::operator""s;
  return {"\0\x01"s + "assay-scanner.invalid\0octet\0"s};
}

bool take_tftp(std::string_view answer, const Options&, Facts* facts) {
  constexpr char kData = 3;
  constexpr char kError = 5;
  if (answer.size() < 4 || answer[0] != 0) return false;
  const bool is_error = answer[1] == kError && answer.size() >= 5 && answer.back() == '\0';
  const bool is_data = answer[1] == kData && answer[2] == 0 && answer[3] == 1;
  if (!is_error && !is_data) return false;
  facts->authentication = false;
  return true;
}

}  // namespace assay::agent::services
