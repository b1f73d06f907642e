// FTP (RFC 959), AUTH TLS (RFC 4217).
//
// Sent: AUTH TLS (before it SYST, where the greeting names no protocol); on a further connection
// USER with a name that nobody has, to see whether a password is asked for in clear, and QUIT. With
// the option: USER anonymous and PASS with an address of nobody, and QUIT.
#include <algorithm>

#include "agent/network/services/protocols/product.h"
#include "agent/network/services/protocols/registry.h"
#include "agent/network/services/protocols/replies.h"

namespace assay::agent::services {

namespace {

// Whether a no says that it is one without encryption, or to everybody but strangers: vsftpd's
// "Non-anonymous sessions must use encryption" and "This FTP server is anonymous only", ProFTPD's
// "SSL/TLS required on the control channel", Pure-FTPd's "cleartext sessions … are not accepted".
// Any other no may be to this name alone (vsftpd's userlist_deny=NO), or to anybody just now (421).
bool names_encryption(std::string_view text) {
  const auto has_any = [text](std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(words,
                               [text](std::string_view word) { return has_word(text, word); });
  };
  if (has_any({"anonymous only", "only anonymous"})) return true;
  return has_any({"TLS", "SSL", "encrypt", "cleartext", "clear text", "clear-text", "use AUTH"}) &&
         has_any({"require", "must", "need", "only", "first", "without", "not accept", "not allow",
                  "not permit", "use AUTH"});
}

class AnonymousLogin : public ReplyDialogue {
 public:
  explicit AnonymousLogin(Facts known) { facts = std::move(known); }

  [[nodiscard]] bool is_kept_waiting() const override { return has_asked_; }

 private:
  Turn reply_of(int code, const std::string&, std::string& send) override {
    if (!has_asked_) {
      if (code != 220) return Turn::kForeign;  // it turns us away: once more, or unknown
      send += "USER anonymous\r\n";
      has_asked_ = true;
      return Turn::kMet;
    }
    if (code == 331) {
      send += "PASS assay-scanner@invalid\r\n";
      return Turn::kMet;
    }
    if (code == 230 || code == 530 || code == 430 || code == 332) facts.anonymous = code == 230;
    send += "QUIT\r\n";
    return Turn::kDone;
  }
  bool has_asked_ = false;
};

class PlainLogin : public ReplyDialogue {
 public:
  PlainLogin(Facts known, const Setting& setting) : setting_(setting) { facts = std::move(known); }

  std::unique_ptr<Dialogue> follow_up() override {
    if (!setting_.options.tries_anonymous_ftp) return nullptr;
    return std::make_unique<AnonymousLogin>(facts);
  }

 private:
  Turn reply_of(int code, const std::string& text, std::string& send) override {
    if (!has_asked_) {
      if (code != 220) return Turn::kForeign;  // it turns us away: once more, or unknown
      send += "USER assay-scanner.invalid\r\n";
      has_asked_ = true;
      return Turn::kMet;
    }
    // 331: "give the password"; 230: not even that. Else no, which counts where it is said why.
    const bool is_no =
        code == 530 || code == 534 || code == 550 || code == 522 || code == 503 || code == 421;
    if (code == 421 && !names_encryption(text)) return Turn::kForeign;  // too many, or too late
    if (code == 331 || code == 230) facts.cleartext_login = !setting_.is_in_tls;
    if (code == 230) facts.authentication = false;
    if (code == 331) facts.authentication = true;
    if (is_no && (setting_.is_in_tls || names_encryption(text))) facts.cleartext_login = false;
    if (is_no && !facts.cleartext_login)
      facts.detail = "it says no to a name that nobody has, and not why";
    if (is_no) facts.authentication = true;
    send += "QUIT\r\n";
    return Turn::kDone;
  }

  Setting setting_;
  bool has_asked_ = false;
};

class Ftp : public ReplyDialogue {
 public:
  explicit Ftp(const Setting& setting) : setting_(setting) { facts.start_tls.reset(); }

  std::unique_ptr<Dialogue> follow_up() override {
    if (step_ == Step::kTurnedAway) return nullptr;
    return std::make_unique<PlainLogin>(facts, setting_);
  }

 private:
  enum class Step : std::uint8_t { kGreeting, kSystem, kAuth, kTurnedAway };

  Turn reply_of(int code, const std::string& text, std::string& send) override {
    switch (step_) {
      case Step::kSystem:
        // The system's name, or "log in first". To a server of mail the question is unknown.
        if (code != 215 && code != 530 && code != 331 && code != 332) return Turn::kForeign;
        return met(send);
      case Step::kAuth:
        // 234: begin; 334: with a negotiation of its own; 421: it is closing. All else is no.
        if (code != 421) facts.start_tls = code == 234 || code == 334;
        return Turn::kDone;
      default: return greeting(code, text, send);
    }
  }

  Turn greeting(int code, const std::string& text, std::string& send) {
    if (code == 120) return Turn::kMore;  // "ready in so many minutes"
    const bool is_named = has_word(text, "FTP");
    if (code == 421 && is_named) {
      facts.protocol = "ftp";
      facts.detail = "the server turned the connection away";
      step_ = Step::kTurnedAway;
      return Turn::kDone;
    }
    if (code != 220 || (has_word(text, "SMTP") && !is_named)) return Turn::kForeign;
    note_product(text,
                 {"vsFTPd", "ProFTPD", "Pure-FTPd", "FileZilla Server", "Microsoft FTP Service",
                  "Serv-U", "pyftpdlib", "bftpd", "glFTPd", "wu-2"},
                 &facts);
    if (is_named) return met(send);
    send += "SYST\r\n";  // in doubt: a question that only FTP has
    step_ = Step::kSystem;
    return Turn::kMore;
  }

  Turn met(std::string& send) {
    facts.protocol = "ftp";
    if (setting_.is_in_tls) {
      facts.start_tls = false;
      return Turn::kDone;
    }
    send += "AUTH TLS\r\n";
    step_ = Step::kAuth;
    return Turn::kMet;
  }

  Setting setting_;
  Step step_ = Step::kGreeting;
};

}  // namespace

std::unique_ptr<Dialogue> make_ftp(const Setting& setting) {
  return std::make_unique<Ftp>(setting);
}

}  // namespace assay::agent::services
