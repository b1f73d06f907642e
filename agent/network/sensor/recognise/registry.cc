#include <algorithm>
#include <array>

#include "agent/network/sensor/recognise/recogniser.h"

namespace assay::agent::sensor {
namespace {

constexpr std::array kRecognisers = {
    Recogniser{"dns", look_for_dns},       Recogniser{"ftp", look_for_ftp},
    Recogniser{"http", look_for_http},     Recogniser{"imap", look_for_imap},
    Recogniser{"ldap", look_for_ldap},     Recogniser{"pop3", look_for_pop3},
    Recogniser{"smtp", look_for_smtp},     Recogniser{"ssh", look_for_ssh},
    Recogniser{"telnet", look_for_telnet}, Recogniser{"tls", look_for_tls},
    Recogniser{"vnc", look_for_vnc},
};
static_assert(kRecognisers.size() <= 32, "a stream has 32 bits for them");

constexpr std::array kDatagramRecognisers = {
    DatagramRecogniser{"snmp", look_for_snmp},
};

}  // namespace

std::span<const Recogniser> recognisers() {
  return kRecognisers;
}
std::span<const DatagramRecogniser> datagram_recognisers() {
  return kDatagramRecognisers;
}

const Recogniser* find_recogniser(std::string_view name) {
  const auto* found = std::ranges::find(kRecognisers, name, &Recogniser::name);
  return found == kRecognisers.end() ? nullptr : found;
}

std::string_view name_of(Secret secret) {
  switch (secret) {
    case Secret::kNone: return "none";
    case Secret::kPassword: return "password";
    case Secret::kToken: return "token";
    case Secret::kCommunity: return "community";
    case Secret::kChallenge: return "challenge";
    case Secret::kAnonymous: return "anonymous";
  }
  return "none";
}

}  // namespace assay::agent::sensor
