// SMTP: RFC 3207.
#include "agent/network/tls/starttls/lines.h"
#include "agent/network/tls/starttls/start_tls.h"

namespace assay::agent::tls {

namespace {

class Smtp : public StartTls {
 public:
  Result<Turn> take(std::string& received, std::string& send) override {
    for (;;) {
      const auto line = take_line(received);
      if (!line) return fail(line.error());
      if (!*line) return Turn::kMore;
      const auto reply = reply_line(**line);
      if (!reply) return fail(Code::kInvalidData, "the server does not speak SMTP");
      if (step_ == Step::kHello && in_capitals(reply->text).starts_with("STARTTLS"))
        is_offered_ = true;
      if (!reply->is_last) continue;
      const auto turn = take_reply(reply->code, send);
      if (!turn || *turn != Turn::kMore) return turn;
    }
  }

 private:
  enum class Step { kGreeting, kHello, kStartTls };

  Result<Turn> take_reply(int code, std::string& send) {
    // 421: it closes the channel; 454: it has TLS, and not just now (RFC 3207 4).
    if (code == 421 || (code == 454 && step_ == Step::kStartTls)) return turned_away();
    switch (step_) {
      case Step::kGreeting:
        if (code != 220) return turned_away();
        send += "EHLO assay-scanner.invalid\r\n";
        step_ = Step::kHello;
        return Turn::kMore;
      case Step::kHello:
        if (code != 250 || !is_offered_) return Turn::kRefused;
        send += "STARTTLS\r\n";
        step_ = Step::kStartTls;
        return Turn::kMore;
      case Step::kStartTls: break;
    }
    return code == 220 ? Turn::kReady : Turn::kRefused;
  }

  Step step_ = Step::kGreeting;
  bool is_offered_ = false;
};

}  // namespace

std::unique_ptr<StartTls> smtp_start_tls() {
  return std::make_unique<Smtp>();
}

}  // namespace assay::agent::tls
