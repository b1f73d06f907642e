// Which suites a server accepts in one protocol: all are offered, what it chooses is taken off the
// list, until it refuses. One handshake for each accepted suite and one more; where a server breaks
// instead of refusing, one more for each kind of suite.
#include <algorithm>
#include <map>

#include "agent/network/tls/audit/inquiry.h"
#include "agent/network/tls/audit/key_share.h"
#include "agent/network/tls/suites/cipher_suite.h"

namespace assay::agent::tls {

namespace {

// Suites that a server breaks over together: one that is to use DH and has no parameters chooses a
// suite with DHE and then hangs up, and with it goes all that it could have chosen instead.
std::size_t kind_of(const CipherSuite& suite) {
  const bool is_by_key = suite.authentication == Authentication::kByRsa ||
                         suite.authentication == Authentication::kByEcdsa ||
                         suite.authentication == Authentication::kByDss;
  if (suite.authentication == Authentication::kByNobody) return 0;
  if (suite.authentication == Authentication::kByPsk) return 1;
  if (!is_by_key) return 2;
  return 3 + static_cast<std::size_t>(suite.key_exchange) * 3 +
         static_cast<std::size_t>(suite.authentication == Authentication::kByEcdsa) +
         2 * static_cast<std::size_t>(suite.authentication == Authentication::kByDss);
}

class SuitesInquiry : public Inquiry {
 public:
  SuitesInquiry(Subject subject, Protocol protocol)
      : subject_(std::move(subject)), protocol_(protocol) {
    schemes_ = hello_to(subject_, protocol).signature_schemes;
    for (const auto& suite : all_suites())
      if (is_for_tls13(suite) == (protocol == Protocol::kTls13)) offered_.push_back(suite.code);
  }

  std::unique_ptr<Conversation> next() override {
    if (step_ == Step::kDone) return nullptr;
    auto hello = hello_to(subject_, protocol_);
    hello.suites = offered_;
    hello.signature_schemes = schemes_;
    if (sends_keys_) hello.key_shares = common_key_shares(hello.random);
    return ask(hello, Depth::kKeyExchange);
  }

  void take(const Outcome& outcome) override {
    const auto& answer = outcome.answer();
    if (outcome.ending == Ending::kAnswered && answer.hello)
      return step_ == Step::kOrder ? take_order(*answer.hello) : take_choice(answer);
    if (step_ == Step::kOrder) {
      step_ = Step::kDone;  // whose order counts stays unknown
      return;
    }
    if (outcome.is_refusal()) return take_refusal(answer);
    give_up(outcome.ending, outcome.detail);
  }

  void give_up(Ending ending, const std::string& detail) override {
    if (step_ == Step::kDone) return;
    if (step_ == Step::kChoice) {
      finding().ending = ending;
      finding().detail = detail.empty() ? std::string(name_of(ending)) : detail;
    }
    step_ = Step::kDone;
  }

 private:
  enum class Step { kChoice, kOrder, kDone };

  ProtocolFinding& finding() { return subject_.findings->of(protocol_); }

  void take_choice(const Answer& answer) {
    const auto& hello = *answer.hello;
    if (hello.version != version_of(protocol_)) return take_other_version();
    if (std::ranges::find(offered_, hello.suite) == offered_.end())
      return give_up(Ending::kNotTls, "the server chose a suite that was not offered");
    SuiteFinding suite{hello.suite, hello.group, 0, std::nullopt};
    if (answer.key_exchange) {
      suite.group = answer.key_exchange->group;
      suite.bits = answer.key_exchange->bits;
      suite.signature = answer.key_exchange->signature;
      if (suite.signature) offer_last(*suite.signature);
    }
    if (finding().suites.empty()) first_offer_ = offered_;
    finding().state = ProtocolFinding::State::kOffered;
    finding().suites.push_back(suite);
    auto& findings = *subject_.findings;
    findings.note_chain(answer.chain);
    if (protocol_ != Protocol::kTls13) {
      note(findings.compression, hello.compression != 0);
      if (protocol_ != Protocol::kSsl3) {
        note(findings.renegotiation_info, hello.has_renegotiation_info);
        note(findings.encrypt_then_mac, hello.has_encrypt_then_mac);
      }
      if (answer.is_done) note(findings.requests_certificate, answer.requests_certificate);
    }
    std::erase(offered_, hello.suite);
    if (offered_.empty()) offer_next_kind();
  }

  // The same are offered, and what was not seen yet stands before what was: a server that goes by
  // our order signs with another one each time, and need not be asked for them apart.
  void offer_last(std::uint32_t scheme) {
    const auto place = std::ranges::find(schemes_, scheme);
    if (place != schemes_.end()) std::rotate(place, place + 1, schemes_.end());
  }

  // It speaks another version with us: this one it does not.
  void take_other_version() { find_order(); }

  void take_refusal(const Answer& answer) {
    const bool is_for_good = answer.alert && answer.alert->description == kProtocolVersion;
    if (finding().suites.empty() && !is_for_good) {
      if (answer.alert && answer.alert->description == kUnrecognizedName)
        return give_up(Ending::kAnswered,
                       "the server does not know the name that it was asked for");
      // Some servers answer no hello without a key.
      if (protocol_ == Protocol::kTls13 && !sends_keys_) {
        sends_keys_ = true;
        return;
      }
    }
    // A proper no is an alert that says so. Whoever hangs up, or has not said anything else yet,
    // may have broken over one of the suites, or over the length of the list.
    const bool is_no = answer.alert && answer.alert->description != kInternalError;
    // SSLv3 has no alert for a wrong version: there it is the one of a failed handshake.
    const bool is_believed = !finding().suites.empty() || protocol_ == Protocol::kSsl3;
    if (is_for_good || (is_no && is_believed && !is_by_kind_)) return find_order();
    if (!is_by_kind_ && protocol_ != Protocol::kTls13) split_by_kind();
    offer_next_kind();
  }

  void split_by_kind() {
    is_by_kind_ = true;
    finding().is_order_known = false;
    std::map<std::size_t, std::vector<std::uint32_t>> kinds;
    for (const auto code : offered_) kinds[kind_of(*find_suite(code))].push_back(code);
    for (auto& [kind, suites] : kinds) later_.push_back(std::move(suites));
  }

  void offer_next_kind() {
    if (later_.empty()) return find_order();
    offered_ = std::move(later_.back());
    later_.pop_back();
  }

  // Whose order counts: its first choice was not our first, or stays its choice when it is our
  // last.
  void find_order() {
    step_ = Step::kDone;
    if (finding().suites.empty()) finding().state = ProtocolFinding::State::kRefused;
    std::vector<SuiteFinding> suites = finding().suites;
    std::erase_if(suites, [this](const SuiteFinding& suite) {
      return std::ranges::find(first_offer_, suite.code) == first_offer_.end();
    });
    if (suites.size() < 2) return;
    const auto place = [this](const SuiteFinding& suite) {
      return std::ranges::find(first_offer_, suite.code) - first_offer_.begin();
    };
    const auto first = place(suites.front());
    const auto is_before_first = [&](const SuiteFinding& suite) { return place(suite) < first; };
    if (std::ranges::any_of(suites, is_before_first)) {
      finding().server_prefers = true;
      return;
    }
    offered_.clear();
    for (auto suite = suites.rbegin(); suite != suites.rend(); ++suite)
      offered_.push_back(suite->code);
    step_ = Step::kOrder;
  }

  void take_order(const ServerHello& hello) {
    finding().server_prefers = hello.suite == finding().suites.front().code;
    step_ = Step::kDone;
  }

  Subject subject_;
  Protocol protocol_;
  Step step_ = Step::kChoice;
  std::vector<std::uint32_t> offered_;             // what is not known yet of all, or of one kind
  std::vector<std::vector<std::uint32_t>> later_;  // further kinds
  std::vector<std::uint32_t> schemes_;
  std::vector<std::uint32_t> first_offer_;         // to which the first choice was the answer
  bool is_by_kind_ = false;
  bool sends_keys_ = false;
};

}  // namespace

std::unique_ptr<Inquiry> suites_inquiry(const Subject& subject, Protocol protocol) {
  return std::make_unique<SuitesInquiry>(subject, protocol);
}

}  // namespace assay::agent::tls
