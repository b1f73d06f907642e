// What a server says to extensions up to TLS 1.2, in one whole flight; then which further
// application protocols it takes.
#include <algorithm>

#include "agent/network/tls/audit/inquiry.h"

namespace assay::agent::tls {

namespace {

class ExtensionsInquiry : public Inquiry {
 public:
  ExtensionsInquiry(Subject subject, Protocol protocol)
      : subject_(std::move(subject)),
        protocol_(protocol),
        names_(offered_application_protocols()) {}

  std::unique_ptr<Conversation> next() override {
    if (is_over_) return nullptr;
    auto hello = hello_to(subject_, protocol_);
    hello.suites = cheapest_suites(*subject_.findings, protocol_);
    hello.application_protocols = names_;
    hello.asks_for_status = !has_looked_;
    hello.offers_heartbeat = !has_looked_;
    return ask(hello, has_looked_ ? Depth::kHello : Depth::kWhole);
  }

  void take(const Outcome& outcome) override {
    const auto& answer = outcome.answer();
    if (answer.hello) return take_hello(answer);
    const bool has_names = !names_.empty();
    names_.clear();
    // Not because of the names: once more without any.
    if (outcome.is_refusal() && has_names && !has_looked_) return;
    if (!outcome.is_refusal()) return give_up(outcome.ending, outcome.detail);
    is_over_ = true;
  }

  void give_up(Ending ending, const std::string&) override {
    if (is_over_) return;
    subject_.findings->notes.push_back("extensions of " + std::string(name_of(protocol_)) +
                                       " not known in full: " + std::string(name_of(ending)));
    is_over_ = true;
  }

 private:
  void take_hello(const Answer& answer) {
    const auto& hello = *answer.hello;
    auto& findings = *subject_.findings;
    if (!has_looked_) {
      note(findings.extended_master_secret, hello.has_extended_master_secret);
      note(findings.session_tickets, hello.has_session_ticket);
      note(findings.session_ids, hello.has_session_id);
      note(findings.heartbeat, hello.has_heartbeat);
      if (answer.is_done) note(findings.stapling, !answer.status.empty());
      if (answer.is_done) note(findings.requests_certificate, answer.requests_certificate);
      findings.note_chain(answer.chain);
      has_looked_ = true;
    }
    const auto& name = hello.application_protocol;
    const bool is_new = !name.empty() && std::erase(names_, name) > 0;
    auto& known = findings.application_protocols;
    if (is_new && std::ranges::find(known, name) == known.end()) known.push_back(name);
    is_over_ = !is_new || names_.empty();
  }

  Subject subject_;
  Protocol protocol_;
  std::vector<std::string> names_;
  bool has_looked_ = false;
  bool is_over_ = false;
};

}  // namespace

std::unique_ptr<Inquiry> extensions_inquiry(const Subject& subject, Protocol protocol) {
  return std::make_unique<ExtensionsInquiry>(subject, protocol);
}

}  // namespace assay::agent::tls
