// What TLS 1.3 encrypts: certificate, application protocols, stapling, tickets. The first handshake
// shows it all; further ones, which resume it, ask for further application protocols.
#include <algorithm>
#include <array>

#include "agent/network/tls/audit/inquiry.h"
#include "agent/network/tls/connection/full_handshake.h"
#include "agent/network/tls/wire/signature_scheme.h"

namespace assay::agent::tls {

namespace {

// As most clients order them: by the kind of key that they want a server to have.
int place_of(std::uint32_t scheme) {
  const auto* found = find_signature_scheme(scheme);
  const auto key = found != nullptr ? found->key : SignatureKey::kOther;
  constexpr std::array kOrder{SignatureKey::kEcdsa, SignatureKey::kEdwards, SignatureKey::kRsaPss,
                              SignatureKey::kRsa};
  return static_cast<int>(std::ranges::find(kOrder, key) - kOrder.begin());
}

class HandshakeInquiry : public Inquiry {
 public:
  explicit HandshakeInquiry(Subject subject)
      : subject_(std::move(subject)), names_(offered_application_protocols()) {}

  std::unique_ptr<Conversation> next() override {
    if (is_over_) return nullptr;
    auto hello = hello_to(subject_, Protocol::kTls13);
    // Of two certificates this is the one that most clients are shown.
    std::ranges::stable_sort(hello.signature_schemes, {}, place_of);
    hello.application_protocols = names_;
    hello.asks_for_status = true;
    return std::make_unique<FullHandshake>(std::move(hello), session_);
  }

  void take(const Outcome& outcome) override {
    const auto* talk = dynamic_cast<const FullHandshake*>(&outcome.conversation);
    if (talk != nullptr && talk->facts().is_finished) return take_facts(talk->facts());
    // A server may refuse names that it does not know; any other reason shows itself again.
    if (!names_.empty() && !has_looked_) {
      names_.clear();
      return;
    }
    if (!has_looked_) return give_up(outcome.ending, outcome.detail);
    is_over_ = true;
  }

  void give_up(Ending ending, const std::string& detail) override {
    if (is_over_) return;
    subject_.findings->notes.push_back("certificate and extensions of TLSv1.3 not known: " +
                                       (detail.empty() ? std::string(name_of(ending)) : detail));
    is_over_ = true;
  }

 private:
  void take_facts(const HandshakeFacts& facts) {
    auto& findings = *subject_.findings;
    if (!has_looked_) {
      findings.note_chain(facts.chain);
      note(findings.stapling, !facts.status.empty());
      note(findings.session_tickets, facts.tickets > 0);
      note(findings.requests_certificate, facts.requests_certificate);
      session_ = facts.session;
      has_looked_ = true;
    }
    const auto& name = facts.application_protocol;
    auto& known = findings.application_protocols;
    const bool is_new = !name.empty() && std::erase(names_, name) > 0;
    if (is_new && std::ranges::find(known, name) == known.end()) known.push_back(name);
    // Whoever speaks TLS 1.2 too is asked there, where it costs less.
    is_over_ = !is_new || names_.empty() ||
               findings.highest(Protocol::kTls10, Protocol::kTls12).has_value();
  }

  Subject subject_;
  std::vector<std::string> names_;
  std::shared_ptr<const Session> session_;  // of the first handshake
  bool has_looked_ = false;
  bool is_over_ = false;
};

}  // namespace

std::unique_ptr<Inquiry> handshake_inquiry(const Subject& subject) {
  return std::make_unique<HandshakeInquiry>(subject);
}

}  // namespace assay::agent::tls
