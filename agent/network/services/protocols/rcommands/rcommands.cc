// rlogin (RFC 1282), rsh and rexec: a log-in in clear, or by the word of the client's address.
//
// Some speak first: an octet 1 and a text that names the program. To the others is sent:
// rlogin   its opening message, under a name that nobody has. We never come from a port below 1024,
//          which is what it trusts, so that it turns us away, or asks for a password.
// rexec    a name that is too long to be one, which it says before it asks for anything else.
// An rsh server hangs up on us without a word, and is not told.
#include "agent/network/services/protocols/registry.h"
#include "agent/network/services/protocols/replies.h"

namespace assay::agent::services {

namespace {

Turn met(std::string_view name, Facts* facts) {
  facts->protocol = name;
  facts->cleartext_login = true;
  facts->authentication = true;
  return Turn::kDone;
}

class RCommand : public LineDialogue {
 public:
  RCommand(std::string_view name, std::string_view program) : name_(name), program_(program) {}

 private:
  Turn take_one(const std::string& line, std::string&) override {
    if (!line.starts_with('\x01') || !has_word(line, program_)) return Turn::kForeign;
    return met(name_, &facts);
  }

  std::string_view name_;
  std::string_view program_;
};

class AskedRlogin : public Dialogue {
 public:
  std::string opening() override {
    using std::string_literals::operator""s;
    return "\0assay-scanner\0assay-scanner\0dumb/9600\0"s;
  }

  // Octet 1 and "rlogind: Permission denied.", or octet 0 for a message that was understood and
  // what the log-in says then.
  Turn take(std::string& received, std::string&) override {
    if (received.front() != '\0' && received.front() != '\x01') return Turn::kForeign;
    const bool asks = has_word(received, "password:") || has_word(received, "login");
    if (has_word(received, "rlogind") || (received.front() == '\0' && asks))
      return met("rlogin", &facts);
    return received.size() < kMost ? Turn::kMore : Turn::kForeign;
  }

 private:
  static constexpr std::size_t kMost = 500;
};

class AskedRexec : public LineDialogue {
 public:
  // No second port for errors, then the name: servers take 16 octets at most.
  std::string opening() override { return std::string("0\0", 2) + std::string(600, 'x'); }

 private:
  Turn take_one(const std::string& line, std::string&) override {
    if (!line.starts_with("\x01username too long")) return Turn::kForeign;
    return met("rexec", &facts);
  }
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
std::unique_ptr<Dialogue> make_asked_rlogin(const Setting&) {
  return std::make_unique<AskedRlogin>();
}
std::unique_ptr<Dialogue> make_asked_rexec(const Setting&) {
  return std::make_unique<AskedRexec>();
}

}  // namespace assay::agent::services
