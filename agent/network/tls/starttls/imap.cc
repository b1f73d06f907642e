// IMAP: RFC 9051 6.2.1.
#include "agent/network/tls/starttls/lines.h"
#include "agent/network/tls/starttls/start_tls.h"

namespace assay::agent::tls {

namespace {

class Imap : public StartTls {
 public:
  // Whether STARTTLS is among the capabilities is not asked: the answer to the command is the
  // truth.
  Result<Turn> take(std::string& received, std::string& send) override {
    for (;;) {
      const auto line = take_line(received);
      if (!line) return fail(line.error());
      if (!*line) return Turn::kMore;
      const auto text = in_capitals(**line);
      if (!has_asked_) {
        if (text.starts_with("* BYE")) return turned_away();
        if (!text.starts_with("* OK") && !text.starts_with("* PREAUTH"))
          return fail(Code::kInvalidData, "the server does not speak IMAP");
        send += "a1 STARTTLS\r\n";
        has_asked_ = true;
        continue;
      }
      if (text.starts_with("* BYE")) return turned_away();
      if (text.starts_with("* ")) continue;
      if (!text.starts_with("A1 "))
        return fail(Code::kInvalidData, "the server does not speak IMAP");
      return text.starts_with("A1 OK") ? Turn::kReady : Turn::kRefused;
    }
  }

 private:
  bool has_asked_ = false;
};

}  // namespace

std::unique_ptr<StartTls> imap_start_tls() {
  return std::make_unique<Imap>();
}

}  // namespace assay::agent::tls
