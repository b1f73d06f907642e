// POP3 (RFC 1939), CAPA (RFC 2449), STLS (RFC 2595).
//
// Sent: CAPA, QUIT.
#include "agent/network/services/protocols/registry.h"
#include "agent/network/services/protocols/replies.h"

namespace assay::agent::services {

namespace {

class Pop3 : public LineDialogue {
 public:
  explicit Pop3(const Setting& setting) : setting_(setting) { facts.start_tls.reset(); }

 private:
  Turn take_one(const std::string& line, std::string& send) override {
    if (!has_greeted_) return greeting(line, send);
    if (!has_answered_) {
      has_answered_ = true;
      if (begins_with(line, "+OK")) return Turn::kMet;
      // Of before 1998: it knows no such question, and has nothing but USER and PASS to log in
      // with.
      facts.start_tls = false;
      facts.cleartext_login = !setting_.is_in_tls;
    } else if (line != ".") {
      note_ability(line);
      return Turn::kMet;
    } else {
      facts.start_tls = has_start_tls_ && !setting_.is_in_tls;
      facts.cleartext_login = takes_password_ && !setting_.is_in_tls;
    }
    send += "QUIT\r\n";
    return Turn::kDone;
  }

  Turn greeting(const std::string& line, std::string& send) {
    if (!begins_with(line, "+OK") || (line.size() > 3 && line[3] != ' ')) return Turn::kForeign;
    facts.protocol = "pop3";
    note_product(line,
                 {"Dovecot", "Courier", "Cyrus POP3", "Microsoft Exchange", "Qpopper", "Zimbra"},
                 &facts);
    has_greeted_ = true;
    send += "CAPA\r\n";
    return Turn::kMet;
  }

  void note_ability(std::string_view line) {
    const auto word = line.substr(0, line.find(' '));
    facts.add("capability", word);
    if (begins_with(word, "STLS")) has_start_tls_ = true;
    if (begins_with(word, "USER")) takes_password_ = true;
    if (!begins_with(word, "SASL")) return;
    auto methods = line.substr(word.size());
    while (!methods.empty()) {
      const auto end = std::min(methods.find(' '), methods.size());
      const auto method = methods.substr(0, end);
      methods.remove_prefix(std::min(end + 1, methods.size()));
      if (method.empty()) continue;
      facts.add("auth_method", method);
      if (begins_with(method, "PLAIN") || begins_with(method, "LOGIN")) takes_password_ = true;
    }
  }

  Setting setting_;
  bool has_greeted_ = false;
  bool has_answered_ = false;
  bool has_start_tls_ = false;
  bool takes_password_ = false;
};

}  // namespace

std::unique_ptr<Dialogue> make_pop3(const Setting& setting) {
  return std::make_unique<Pop3>(setting);
}

}  // namespace assay::agent::services
