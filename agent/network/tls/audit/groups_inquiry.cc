// Which groups a server takes: all are offered, its choice is taken off, until it refuses. In TLS
// 1.3 it says which it wants in a HelloRetryRequest, without a signature.
#include <algorithm>

#include "agent/network/tls/audit/inquiry.h"
#include "agent/network/tls/suites/cipher_suite.h"

namespace assay::agent::tls {

namespace {

class GroupsInquiry : public Inquiry {
 public:
  GroupsInquiry(Subject subject, Protocol protocol)
      : subject_(std::move(subject)),
        protocol_(protocol),
        remaining_(hello_to(subject_, protocol).groups) {
    choose_suites();
    is_over_ = suites_.empty();
    // What enumerating the suites has shown already need not be asked again.
    for (const auto& suite : subject_.findings->of(protocol_).suites)
      if (suite.group && std::ranges::find(suites_, suite.code) != suites_.end() && !is_over_)
        take_group(*suite.group);
  }

  std::unique_ptr<Conversation> next() override {
    if (is_over_) return nullptr;
    auto hello = hello_to(subject_, protocol_);
    hello.suites = suites_;
    hello.groups = remaining_;
    return ask(hello, Depth::kKeyExchange);
  }

  void take(const Outcome& outcome) override {
    const auto& answer = outcome.answer();
    const auto group = group_of(answer);
    if (group && std::ranges::find(remaining_, *group) != remaining_.end())
      return take_group(*group);
    // A refusal, a suite that needs no group, or a server that does not keep to what is offered.
    if (!outcome.is_refusal() && outcome.ending != Ending::kAnswered)
      return give_up(outcome.ending, outcome.detail);
    is_over_ = true;
  }

  void give_up(Ending ending, const std::string&) override {
    if (is_over_) return;
    subject_.findings->notes.push_back("groups of " + std::string(name_of(protocol_)) +
                                       " not known in full: " + std::string(name_of(ending)));
    is_over_ = true;
  }

 private:
  std::vector<std::uint32_t>& found() {
    return protocol_ == Protocol::kTls13 ? subject_.findings->groups
                                         : subject_.findings->groups_tls12;
  }

  // Up to TLS 1.2 a group is used only with a suite that needs one. A server with an ECDSA
  // certificate does not use it for a client that does not know its curve, so RSA is better.
  void choose_suites() {
    const auto& suites = subject_.findings->of(protocol_).suites;
    std::vector<std::uint32_t> others;
    for (const auto& finding : suites) {
      const auto* suite = find_suite(finding.code);
      if (suite == nullptr) continue;
      if (protocol_ == Protocol::kTls13 || (suite->key_exchange == KeyExchange::kEcdhe &&
                                            suite->authentication == Authentication::kByRsa))
        suites_.push_back(finding.code);
      else if (suite->key_exchange == KeyExchange::kEcdhe)
        others.push_back(finding.code);
    }
    if (suites_.empty()) suites_ = others;
  }

  [[nodiscard]] std::optional<std::uint32_t> group_of(const Answer& answer) const {
    if (!answer.hello || answer.hello->version != version_of(protocol_)) return std::nullopt;
    if (protocol_ == Protocol::kTls13) return answer.hello->group;
    return answer.key_exchange ? answer.key_exchange->group : std::nullopt;
  }

  void take_group(std::uint32_t group) {
    if (std::erase(remaining_, group) == 0) return;
    found().push_back(group);
    is_over_ = remaining_.empty();
  }

  Subject subject_;
  Protocol protocol_;
  std::vector<std::uint32_t> remaining_;
  std::vector<std::uint32_t> suites_;
  bool is_over_ = false;
};

}  // namespace

std::unique_ptr<Inquiry> groups_inquiry(const Subject& subject, Protocol protocol) {
  return std::make_unique<GroupsInquiry>(subject, protocol);
}

}  // namespace assay::agent::tls
