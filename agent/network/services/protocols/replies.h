// Dialogues in lines, and in replies of numbered lines as FTP and SMTP have them.
//
// One object per connection; one thread.
#pragma once

#include <string>
#include <utility>

#include "agent/network/services/protocols/dialogue.h"
#include "agent/network/services/protocols/product.h"
#include "agent/network/tls/starttls/lines.h"

namespace assay::agent::services {

class LineDialogue : public Dialogue {
 public:
  Turn take(std::string& received, std::string& send) override {
    for (;;) {
      const auto line = tls::take_line(received);
      if (!line) return give_up();
      if (!*line) return facts.protocol.empty() ? Turn::kMore : Turn::kMet;
      if (++lines_ > kMaxLines) return give_up();
      const auto turn = take_one(**line, send);
      if (turn == Turn::kForeign || turn == Turn::kDone) return turn;
    }
  }

 protected:
  virtual Turn take_one(const std::string& line, std::string& send) = 0;
  // What follows is of no use: what is known has to do.
  [[nodiscard]] Turn give_up() const {
    return facts.protocol.empty() ? Turn::kForeign : Turn::kDone;
  }

 private:
  static constexpr int kMaxLines = 2'000;
  int lines_ = 0;
};

// Whole replies: "220-more" lines up to "220 last".
class ReplyDialogue : public LineDialogue {
 protected:
  // `text`: its lines, each ended by LF.
  virtual Turn reply_of(int code, const std::string& text, std::string& send) = 0;

 private:
  static constexpr std::size_t kMaxText = 16U << 10U;

  Turn take_one(const std::string& line, std::string& send) override {
    const auto reply = tls::reply_line(line);
    if (!reply && code_ == 0) return give_up();
    text_ += printable(reply && reply->code == code_ ? reply->text : line, 500) + "\n";
    if (text_.size() > kMaxText) return give_up();
    if (!reply || (code_ != 0 && reply->code != code_)) return Turn::kMore;
    if (code_ == 0) text_ = printable(reply->text, 500) + "\n";
    code_ = reply->code;
    if (!reply->is_last) return Turn::kMore;
    const auto code = std::exchange(code_, 0);
    return reply_of(code, std::exchange(text_, {}), send);
  }

  int code_ = 0;
  std::string text_;
};

}  // namespace assay::agent::services
