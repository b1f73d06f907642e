// PostgreSQL: "Message Formats", SSLRequest.
#include "agent/network/tls/starttls/start_tls.h"
#include "agent/network/tls/wire/bytes.h"

namespace assay::agent::tls {

namespace {

class Postgresql : public StartTls {
 public:
  std::string opening() override {
    ByteWriter out;
    out.u16(0);
    out.u16(8);     // bytes, these four among them
    out.u16(1234);  // a version that never was
    out.u16(5679);
    return out.take();
  }

  Result<Turn> take(std::string& received, std::string&) override {
    if (received.empty()) return Turn::kMore;
    const char answer = received.front();
    received.erase(0, 1);
    if (answer == 'S') return Turn::kReady;
    if (answer == 'N') return Turn::kRefused;
    // An error in place of an answer, as when the server could not start a process for us.
    if (answer == 'E') return turned_away();
    return fail(Code::kInvalidData, "the server does not speak PostgreSQL's protocol");
  }
};

}  // namespace

std::unique_ptr<StartTls> postgresql_start_tls() {
  return std::make_unique<Postgresql>();
}

}  // namespace assay::agent::tls
