// SSLv2 says all of its suites in its first answer.
#include <array>

#include "agent/network/tls/audit/inquiry.h"
#include "agent/network/tls/suites/cipher_suite.h"

namespace assay::agent::tls {

namespace {

class Ssl2Inquiry : public Inquiry {
 public:
  explicit Ssl2Inquiry(Subject subject) : subject_(std::move(subject)) {
    fill_with_random(challenge_);
  }

  std::unique_ptr<Conversation> next() override {
    if (is_over_) return nullptr;
    return std::make_unique<Ssl2Conversation>(
        write_ssl2_hello({challenge_.data(), challenge_.size()}));
  }

  void take(const Outcome& outcome) override {
    auto& finding = subject_.findings->of(Protocol::kSsl2);
    // Whoever does not speak SSLv2 hangs up, or answers in TLS: bytes that SSLv2 cannot begin with.
    if (outcome.ending == Ending::kClosed || outcome.ending == Ending::kNotTls) {
      finding.state = ProtocolFinding::State::kRefused;
    } else if (const auto* talk = dynamic_cast<const Ssl2Conversation*>(&outcome.conversation);
               talk != nullptr && outcome.ending == Ending::kAnswered) {
      finding.state = ProtocolFinding::State::kOffered;
      for (const auto code : talk->answer().suites)
        if (find_ssl2_suite(code) != nullptr) finding.suites.push_back({code, {}, 0, {}});
      if (!talk->answer().certificate.empty())
        subject_.findings->note_chain({talk->answer().certificate});
    } else {
      give_up(outcome.ending, outcome.detail);
    }
    is_over_ = true;
  }

  void give_up(Ending ending, const std::string& detail) override {
    if (is_over_) return;
    auto& finding = subject_.findings->of(Protocol::kSsl2);
    finding.ending = ending;
    finding.detail = detail.empty() ? std::string(name_of(ending)) : detail;
    is_over_ = true;
  }

 private:
  Subject subject_;
  std::array<char, 16> challenge_{};
  bool is_over_ = false;
};

}  // namespace

std::unique_ptr<Inquiry> ssl2_inquiry(const Subject& subject) {
  return std::make_unique<Ssl2Inquiry>(subject);
}

}  // namespace assay::agent::tls
