// With which algorithms a server signs the handshake. Up to TLS 1.2 it says which, so its choice is
// taken off the list; in TLS 1.3 that is encrypted, and those of one kind of key are offered, then,
// if that is answered, each of them alone: an answer is a yes.
#include <algorithm>
#include <deque>
#include <map>

#include "agent/network/tls/audit/inquiry.h"
#include "agent/network/tls/audit/key_share.h"
#include "agent/network/tls/suites/cipher_suite.h"
#include "agent/network/tls/wire/signature_scheme.h"

namespace assay::agent::tls {

namespace {

class SignaturesInquiry : public Inquiry {
 public:
  explicit SignaturesInquiry(Subject subject)
      : subject_(std::move(subject)),
        remaining_(hello_to(subject_, Protocol::kTls12).signature_schemes) {
    for (const auto& finding : subject_.findings->of(Protocol::kTls12).suites) {
      if (!finding.signature) continue;
      suites_.push_back(finding.code);
      take_scheme(*finding.signature);
    }
    is_over_ = is_over_ || suites_.empty();
  }

  std::unique_ptr<Conversation> next() override {
    if (is_over_) return nullptr;
    auto hello = hello_to(subject_, Protocol::kTls12);
    hello.suites = suites_;
    hello.signature_schemes = remaining_;
    return ask(hello, Depth::kKeyExchange);
  }

  void take(const Outcome& outcome) override {
    const auto& exchange = outcome.answer().key_exchange;
    if (exchange && exchange->signature &&
        std::ranges::find(remaining_, *exchange->signature) != remaining_.end())
      return take_scheme(*exchange->signature);
    if (!outcome.is_refusal() && outcome.ending != Ending::kAnswered)
      return give_up(outcome.ending, outcome.detail);
    is_over_ = true;
  }

  void give_up(Ending ending, const std::string&) override {
    if (is_over_) return;
    subject_.findings->notes.push_back("signature algorithms of TLSv1.2 not known in full: " +
                                       std::string(name_of(ending)));
    is_over_ = true;
  }

 private:
  void take_scheme(std::uint32_t scheme) {
    if (std::erase(remaining_, scheme) == 0) return;
    subject_.findings->signatures.push_back(scheme);
    is_over_ = remaining_.empty();
  }

  Subject subject_;
  std::vector<std::uint32_t> remaining_;
  std::vector<std::uint32_t> suites_;
  bool is_over_ = false;
};

class SignaturesTls13Inquiry : public Inquiry {
 public:
  explicit SignaturesTls13Inquiry(Subject subject) : subject_(std::move(subject)) {
    std::map<SignatureKey, std::vector<std::uint32_t>> kinds;
    for (const auto& scheme : all_signature_schemes())
      if (scheme.is_for_tls13) kinds[scheme.key].push_back(scheme.code);
    for (auto& [key, schemes] : kinds) remaining_.push_back(std::move(schemes));
    for (const auto& suite : subject_.findings->of(Protocol::kTls13).suites)
      suites_.push_back(suite.code);
  }

  std::unique_ptr<Conversation> next() override {
    if (remaining_.empty()) return nullptr;
    auto hello = hello_to(subject_, Protocol::kTls13);
    hello.suites = suites_;
    hello.signature_schemes = remaining_.front();
    hello.key_shares = common_key_shares(hello.random);
    return ask(hello, Depth::kHello);
  }

  void take(const Outcome& outcome) override {
    const auto& hello = outcome.answer().hello;
    if (!hello && !outcome.is_refusal()) return give_up(outcome.ending, outcome.detail);
    // A server that wants another group says so before it looks at signatures.
    if (hello && hello->is_retry)
      return give_up(Ending::kAnswered, "the server takes neither x25519 nor secp256r1");
    const auto offered = std::move(remaining_.front());
    remaining_.pop_front();
    if (!hello || hello->version != version_of(Protocol::kTls13)) return;
    if (offered.size() == 1) return subject_.findings->signatures_tls13.push_back(offered.front());
    for (const auto scheme : offered) remaining_.push_back({scheme});
  }

  void give_up(Ending ending, const std::string& detail) override {
    if (remaining_.empty()) return;
    subject_.findings->notes.push_back("signature algorithms of TLSv1.3 not known in full: " +
                                       (detail.empty() ? std::string(name_of(ending)) : detail));
    remaining_.clear();
  }

 private:
  Subject subject_;
  std::deque<std::vector<std::uint32_t>> remaining_;  // to be offered together
  std::vector<std::uint32_t> suites_;
};

}  // namespace

std::unique_ptr<Inquiry> signatures_inquiry(const Subject& subject) {
  return std::make_unique<SignaturesInquiry>(subject);
}

std::unique_ptr<Inquiry> signatures_tls13_inquiry(const Subject& subject) {
  return std::make_unique<SignaturesTls13Inquiry>(subject);
}

}  // namespace assay::agent::tls
