#include "agent/network/tls/audit/inquiry.h"

#include <sys/random.h>

#include <algorithm>

#include "agent/network/tls/suites/cipher_suite.h"
#include "agent/network/tls/wire/named_group.h"
#include "agent/network/tls/wire/signature_scheme.h"

namespace assay::agent::tls {

const Answer& Outcome::answer() const {
  static const Answer kNone;
  const auto* hello = dynamic_cast<const HelloConversation*>(&conversation);
  return hello != nullptr && ending == Ending::kAnswered ? hello->answer() : kNone;
}

bool Outcome::is_refusal() const {
  return ending == Ending::kClosed || (ending == Ending::kAnswered && answer().alert.has_value());
}

void fill_with_random(std::span<char> bytes) {
  // Nothing depends on its being secret: no handshake of ours is finished with it. The kernel's
  // takes no start of OpenSSL's generator.
  if (::getrandom(bytes.data(), bytes.size(), 0) < 0) std::ranges::fill(bytes, 'r');
}

ClientHello hello_to(const Subject& subject, Protocol protocol) {
  ClientHello hello;
  hello.protocol = protocol;
  fill_with_random(hello.random);
  hello.server_name = subject.server_name;
  for (const auto& group : all_groups())
    // Offered a group of RFC 7919, a server up to TLS 1.2 would not show its own DH parameters.
    if (protocol == Protocol::kTls13 || (!group.is_for_tls13_only && !group.is_finite_field))
      hello.groups.push_back(group.code);
  for (const auto& scheme : all_signature_schemes()) hello.signature_schemes.push_back(scheme.code);
  return hello;
}

std::vector<std::uint32_t> cheapest_suites(const Findings& findings, Protocol protocol) {
  std::vector<std::uint32_t> all;
  std::vector<std::uint32_t> cheap;
  for (const auto& finding : findings.of(protocol).suites) {
    all.push_back(finding.code);
    const auto* suite = find_suite(finding.code);
    if (suite != nullptr && suite->key_exchange == KeyExchange::kRsa &&
        suite->authentication == Authentication::kByRsa && !suite->name.contains("EXPORT"))
      cheap.push_back(finding.code);
  }
  return cheap.empty() ? all : cheap;
}

std::unique_ptr<Conversation> ask(const ClientHello& hello, Depth depth) {
  return std::make_unique<HelloConversation>(write_client_hello(hello), depth);
}

const std::vector<std::string>& offered_application_protocols() {
  static const std::vector<std::string> kNames = {
      "h2",   "http/1.1",   "http/1.0", "http/0.9", "spdy/3.1",    "spdy/3",      "acme-tls/1",
      "dot",  "imap",       "pop3",     "ftp",      "managesieve", "xmpp-client", "xmpp-server",
      "mqtt", "postgresql", "ntske/1",  "irc",      "nntp",        "grpc-exp",    "coap"};
  return kNames;
}

}  // namespace assay::agent::tls
