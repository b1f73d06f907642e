// IMAP (RFC 9051).
//
// Sent: CAPABILITY, LOGOUT.
#include "agent/network/services/protocols/registry.h"
#include "agent/network/services/protocols/replies.h"

namespace assay::agent::services {

namespace {

class Imap : public LineDialogue {
 public:
  explicit Imap(const Setting& setting) : setting_(setting) { facts.start_tls.reset(); }

 private:
  Turn take_one(const std::string& line, std::string& send) override {
    if (facts.protocol.empty()) return greeting(line, send);
    if (begins_with(line, "* CAPABILITY ")) note_abilities(std::string_view(line).substr(13));
    if (!begins_with(line, "a1 ")) return Turn::kMet;
    if (has_abilities_) {
      facts.start_tls = has_start_tls_ && !setting_.is_in_tls;
      facts.cleartext_login = (!is_login_disabled_ || takes_password_) && !setting_.is_in_tls;
    }
    send += "a2 LOGOUT\r\n";
    return Turn::kDone;
  }

  Turn greeting(const std::string& line, std::string& send) {
    const bool turns_away = begins_with(line, "* BYE");
    const bool is_logged_in = begins_with(line, "* PREAUTH");
    if (!begins_with(line, "* OK") && !turns_away && !is_logged_in) return Turn::kForeign;
    facts.protocol = "imap";
    note_product(line, {"Dovecot", "Courier-IMAP", "Cyrus IMAP", "Microsoft Exchange", "Zimbra"},
                 &facts);
    if (is_logged_in) facts.authentication = false;
    if (turns_away) {
      facts.detail = "the server turned the connection away";
      return Turn::kDone;
    }
    send += "a1 CAPABILITY\r\n";
    return Turn::kMet;
  }

  void note_abilities(std::string_view words) {
    has_abilities_ = true;
    while (!words.empty()) {
      const auto end = std::min(words.find(' '), words.size());
      const auto word = words.substr(0, end);
      words.remove_prefix(std::min(end + 1, words.size()));
      if (word.empty()) continue;
      if (begins_with(word, "AUTH="))
        facts.add("auth_method", word.substr(5));
      else
        facts.add("capability", word);
      if (begins_with(word, "STARTTLS")) has_start_tls_ = true;
      if (begins_with(word, "LOGINDISABLED")) is_login_disabled_ = true;
      if (begins_with(word, "AUTH=PLAIN") || begins_with(word, "AUTH=LOGIN"))
        takes_password_ = true;
    }
  }

  Setting setting_;
  bool has_abilities_ = false;
  bool has_start_tls_ = false;
  bool is_login_disabled_ = false;
  bool takes_password_ = false;
};

}  // namespace

std::unique_ptr<Dialogue> make_imap(const Setting& setting) {
  return std::make_unique<Imap>(setting);
}

}  // namespace assay::agent::services
