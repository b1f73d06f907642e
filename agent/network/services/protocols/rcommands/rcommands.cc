// rlogin (RFC 1282), rsh and rexec: a log-in in clear, or by the word of the client's address.
//
// Sent: nothing. They trust ports below 1024, from which we never come, and say so at once: an
// octet 1 and a text that names the program. One that waits in silence is not told, since to make
// it speak a log-in would have to be tried.
#include "agent/network/services/protocols/registry.h"
#include "agent/network/services/protocols/replies.h"

namespace assay::agent::services {

namespace {

class RCommand : public LineDialogue {
 public:
  RCommand(std::string_view name, std::string_view program) : name_(name), program_(program) {}

 private:
  Turn take_one(const std::string& line, std::string&) override {
    if (!line.starts_with('\x01') || !has_word(line, program_)) return Turn::kForeign;
    facts.protocol = name_;
    facts.cleartext_login = true;
    facts.authentication = true;
    return Turn::kDone;
  }

  std::string_view name_;
  std::string_view program_;
};

}  // namespace

std::unique_ptr<Dialogue> make_rlogin(const Setting&) {
  return std::make_unique<RCommand>("rlogin", "rlogind");
}
std::unique_ptr<Dialogue> make_rsh(const Setting&) {
  return std::make_unique<RCommand>("rsh", "rshd");
}
std::unique_ptr<Dialogue> make_rexec(const Setting&) {
  return std::make_unique<RCommand>("rexec", "rexecd");
}

}  // namespace assay::agent::services
