// FTP: RFC 4217 4.
#include "agent/network/tls/starttls/lines.h"
#include "agent/network/tls/starttls/start_tls.h"

namespace assay::agent::tls {

namespace {

class Ftp : public StartTls {
 public:
  Result<Turn> take(std::string& received, std::string& send) override {
    for (;;) {
      const auto line = take_line(received);
      if (!line) return fail(line.error());
      if (!*line) return Turn::kMore;
      const auto reply = reply_line(**line);
      if (!reply && !is_inside_) return fail(Code::kInvalidData, "the server does not speak FTP");
      // Inside a reply of several lines anything may stand, until its last.
      is_inside_ = !reply || !reply->is_last;
      if (is_inside_) continue;
      if (has_asked_ && reply->code == 421) return turned_away();
      if (has_asked_) return reply->code == 234 ? Turn::kReady : Turn::kRefused;
      if (reply->code == 120) continue;  // "ready in so many minutes"
      if (reply->code != 220) return turned_away();
      send += "AUTH TLS\r\n";
      has_asked_ = true;
    }
  }

 private:
  bool has_asked_ = false;
  bool is_inside_ = false;
};

}  // namespace

std::unique_ptr<StartTls> ftp_start_tls() {
  return std::make_unique<Ftp>();
}

}  // namespace assay::agent::tls
