// POP3: RFC 2595 4.
#include "agent/network/tls/starttls/lines.h"
#include "agent/network/tls/starttls/start_tls.h"

namespace assay::agent::tls {

namespace {

class Pop3 : public StartTls {
 public:
  Result<Turn> take(std::string& received, std::string& send) override {
    for (;;) {
      const auto line = take_line(received);
      if (!line) return fail(line.error());
      if (!*line) return Turn::kMore;
      const bool is_ok = (*line)->starts_with("+OK");
      if (!is_ok && !(*line)->starts_with("-ERR"))
        return fail(Code::kInvalidData, "the server does not speak POP3");
      if (!is_ok && !has_asked_) return turned_away();
      if (!is_ok) return Turn::kRefused;
      if (has_asked_) return Turn::kReady;
      send += "STLS\r\n";
      has_asked_ = true;
    }
  }

 private:
  bool has_asked_ = false;
};

}  // namespace

std::unique_ptr<StartTls> pop3_start_tls() {
  return std::make_unique<Pop3>();
}

}  // namespace assay::agent::tls
