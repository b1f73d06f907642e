// SMTP (RFC 5321), STARTTLS (RFC 3207), AUTH (RFC 4954).
//
// Sent: EHLO, QUIT.
#include "agent/network/services/protocols/registry.h"
#include "agent/network/services/protocols/replies.h"

namespace assay::agent::services {

namespace {

class Smtp : public ReplyDialogue {
 public:
  explicit Smtp(const Setting& setting) : setting_(setting) { facts.start_tls.reset(); }

 private:
  Turn reply_of(int code, const std::string& text, std::string& send) override {
    if (has_greeted_) return abilities(code, text, send);
    const bool is_named = has_word(text, "SMTP");
    if ((code == 554 || code == 421) && is_named) {
      facts.protocol = "smtp";
      facts.detail = "the server turned the connection away";
      return Turn::kDone;
    }
    if (code != 220 || (has_word(text, "FTP") && !is_named)) return Turn::kForeign;
    note_product(text,
                 {"Postfix", "Exim", "Sendmail", "OpenSMTPD", "Microsoft ESMTP MAIL Service",
                  "IceWarp", "MDaemon", "hMailServer", "Haraka", "Zimbra"},
                 &facts);
    has_greeted_ = true;
    if (is_named) facts.protocol = "smtp";
    send += "EHLO assay-scanner.invalid\r\n";
    return is_named ? Turn::kMet : Turn::kMore;
  }

  Turn abilities(int code, const std::string& text, std::string& send) {
    if (code != 250) {
      // It greeted as SMTP does and would not have us; or it is something else that says 220.
      if (!facts.protocol.empty()) facts.detail = "the server does not answer EHLO";
      return give_up();
    }
    facts.protocol = "smtp";
    bool has_start_tls = false;
    bool takes_password = false;
    for (std::size_t at = text.find('\n') + 1; at < text.size();) {
      const auto end = text.find('\n', at);
      const auto line = std::string_view(text).substr(at, end - at);
      const auto word = line.substr(0, line.find_first_of(" ="));
      at = end + 1;
      facts.add("capability", word);
      if (begins_with(word, "STARTTLS")) has_start_tls = true;
      if (!begins_with(word, "AUTH")) continue;
      note_methods(line.substr(word.size()), &takes_password);
    }
    facts.start_tls = has_start_tls && !setting_.is_in_tls;
    facts.cleartext_login = takes_password && !setting_.is_in_tls;
    send += "QUIT\r\n";
    return Turn::kDone;
  }

  void note_methods(std::string_view methods, bool* takes_password) {
    while (!methods.empty()) {
      const auto end = std::min(methods.find_first_of(" ="), methods.size());
      const auto method = methods.substr(0, end);
      methods.remove_prefix(std::min(end + 1, methods.size()));
      if (method.empty()) continue;
      facts.add("auth_method", method);
      if (begins_with(method, "PLAIN") || begins_with(method, "LOGIN")) *takes_password = true;
    }
  }

  Setting setting_;
  bool has_greeted_ = false;
};

}  // namespace

std::unique_ptr<Dialogue> make_smtp(const Setting& setting) {
  return std::make_unique<Smtp>(setting);
}

}  // namespace assay::agent::services
