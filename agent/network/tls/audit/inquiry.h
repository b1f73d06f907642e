// A line of inquiry: questions of which each depends on the answer to the one before. Several are
// asked at once, each on one connection at a time; the audit (endpoint_audit.h) decides how many.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "agent/network/tls/audit/findings.h"
#include "agent/network/tls/connection/conversation.h"
#include "agent/network/tls/connection/hello_conversation.h"
#include "agent/network/tls/wire/client_hello.h"

namespace assay::agent::tls {

struct Outcome {
  Ending ending = Ending::kFailed;
  std::string detail;
  Conversation& conversation;

  // The answer to a ClientHello; an empty one when it did not end with one.
  [[nodiscard]] const Answer& answer() const;
  // No, in the server's words or by hanging up: on this alone, as the audit has made sure.
  [[nodiscard]] bool is_refusal() const;
};

class Inquiry {
 public:
  virtual ~Inquiry() = default;
  // The same question until take() is called; nullptr: there is none left.
  [[nodiscard]] virtual std::unique_ptr<Conversation> next() = 0;
  virtual void take(const Outcome& outcome) = 0;
  // The audit ends before this inquiry does.
  virtual void give_up(Ending ending, const std::string& detail) = 0;
};

struct Subject {
  std::string server_name;  // for SNI; empty for an address
  Findings* findings = nullptr;
};

// Accepted suites of `protocol` to ask about other things with: those that cost the server no
// signature and no key, if there are any.
[[nodiscard]] std::vector<std::uint32_t> cheapest_suites(const Findings& findings,
                                                         Protocol protocol);
void fill_with_random(std::span<char> bytes);
// What all hellos begin with: a random of its own, the name, all groups and signature algorithms.
[[nodiscard]] ClientHello hello_to(const Subject& subject, Protocol protocol);
[[nodiscard]] std::unique_ptr<Conversation> ask(const ClientHello& hello, Depth depth);

// suites_inquiry.cc: which suites of one protocol, and whose order counts.
[[nodiscard]] std::unique_ptr<Inquiry> suites_inquiry(const Subject& subject, Protocol protocol);
// ssl2_inquiry.cc
[[nodiscard]] std::unique_ptr<Inquiry> ssl2_inquiry(const Subject& subject);
// groups_inquiry.cc: those of the highest protocol up to TLS 1.2, or of TLS 1.3.
[[nodiscard]] std::unique_ptr<Inquiry> groups_inquiry(const Subject& subject, Protocol protocol);
// signatures_inquiry.cc
[[nodiscard]] std::unique_ptr<Inquiry> signatures_inquiry(const Subject& subject);
[[nodiscard]] std::unique_ptr<Inquiry> signatures_tls13_inquiry(const Subject& subject);
// extensions_inquiry.cc: ALPN, stapling, tickets and other things of up to TLS 1.2.
[[nodiscard]] std::unique_ptr<Inquiry> extensions_inquiry(const Subject& subject,
                                                          Protocol protocol);
// fallback_inquiry.cc: whether a client that was pushed down to `protocol` would be warned.
[[nodiscard]] std::unique_ptr<Inquiry> fallback_inquiry(const Subject& subject, Protocol protocol);
// handshake_inquiry.cc: the same of TLS 1.3, in whole handshakes.
[[nodiscard]] std::unique_ptr<Inquiry> handshake_inquiry(const Subject& subject);

// The names that are offered in ALPN.
[[nodiscard]] const std::vector<std::string>& offered_application_protocols();

}  // namespace assay::agent::tls
