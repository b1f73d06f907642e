// TLS_FALLBACK_SCSV (RFC 7507): a server that knows it refuses a client which says that it came
// down from a higher version, as an attacker could have made it.
#include "agent/network/tls/audit/inquiry.h"

namespace assay::agent::tls {

namespace {

class FallbackInquiry : public Inquiry {
 public:
  FallbackInquiry(Subject subject, Protocol protocol)
      : subject_(std::move(subject)), protocol_(protocol) {}

  std::unique_ptr<Conversation> next() override {
    if (is_over_) return nullptr;
    auto hello = hello_to(subject_, protocol_);
    hello.suites = cheapest_suites(*subject_.findings, protocol_);
    hello.is_fallback = true;
    return ask(hello, Depth::kHello);
  }

  void take(const Outcome& outcome) override {
    const auto& answer = outcome.answer();
    if (answer.hello)
      subject_.findings->fallback_scsv = false;
    else if (answer.alert && answer.alert->description == kInappropriateFallback)
      subject_.findings->fallback_scsv = true;
    else
      return give_up(outcome.ending, outcome.detail);
    is_over_ = true;
  }

  void give_up(Ending ending, const std::string&) override {
    if (is_over_) return;
    subject_.findings->notes.push_back("TLS_FALLBACK_SCSV not known: " +
                                       std::string(name_of(ending)));
    is_over_ = true;
  }

 private:
  Subject subject_;
  Protocol protocol_;
  bool is_over_ = false;
};

}  // namespace

std::unique_ptr<Inquiry> fallback_inquiry(const Subject& subject, Protocol protocol) {
  return std::make_unique<FallbackInquiry>(subject, protocol);
}

}  // namespace assay::agent::tls
