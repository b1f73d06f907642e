// NTP (RFC 5905).
//
// Sent: the request of any client.
#include "agent/network/services/protocols/registry.h"

namespace assay::agent::services {

namespace {

constexpr std::size_t kSize = 48;
// The client's time, which the server gives back: a number to know the answer by.
constexpr std::string_view kTime = "assay-sc";

}  // namespace

std::vector<std::string> ntp_requests(const Options&) {
  std::string request(kSize, '\0');
  request[0] = '\x23';  // version 4, a client
  request.replace(40, kTime.size(), kTime);
  return {request};
}

bool take_ntp(std::string_view answer, const Options&, Facts* facts) {
  if (answer.size() < kSize) return false;
  const auto first = static_cast<unsigned char>(answer[0]);
  const bool is_server = (first & 7U) == 4;
  if (!is_server || answer.substr(24, kTime.size()) != kTime) return false;
  facts->add_once("version", std::to_string(first >> 3U & 7U));
  facts->add_once("stratum", std::to_string(static_cast<unsigned char>(answer[1])));
  return true;
}

}  // namespace assay::agent::services
