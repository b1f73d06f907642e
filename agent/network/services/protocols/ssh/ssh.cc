// SSH (RFC 4253): the version, what is offered for the exchange of keys, the host keys, and the
// methods of authentication (RFC 4252).
//
// Sent: our version, our KEXINIT, and the first message of a key exchange, which a stranger may
// always send. The methods are told behind encryption only: a whole exchange of keys, and the
// request "none" under a name that nobody has; no password and no key.
#include <algorithm>

#include "agent/network/services/protocols/product.h"
#include "agent/network/services/protocols/registry.h"
#include "agent/network/services/protocols/ssh/ssh_session.h"
#include "agent/network/services/protocols/ssh/ssh_wire.h"
#include "agent/network/tls/starttls/lines.h"

namespace assay::agent::services {

namespace {

constexpr std::string_view kVersion = "SSH-2.0-assay_scanner\r\n";

// Of the algorithms that sign with one kind of key, one is asked for.
std::string_view kind_of_key(std::string_view algorithm) {
  if (algorithm == "rsa-sha2-256" || algorithm == "rsa-sha2-512") return "ssh-rsa";
  return algorithm;
}

// Which methods of authentication there are. What is not found out stays unknown, with a reason.
class Methods : public Dialogue {
 public:
  explicit Methods(Facts known) {
    facts = std::move(known);
    facts.authentication.reset();
  }

  std::string opening() override {
    std::string received;
    std::string send;
    (void)advance(received, send);
    return send;
  }

  Turn take(std::string& received, std::string& send) override { return advance(received, send); }

  Turn end(std::string_view, Last) override {
    if (!is_over_) note_unknown("the server closed the connection, or said nothing more");
    return Turn::kDone;
  }

  // Servers look up names, and wait, before they answer this.
  [[nodiscard]] bool is_kept_waiting() const override { return true; }

 private:
  Turn advance(std::string& received, std::string& send) {
    if (is_over_) return Turn::kDone;
    const auto methods = session_.advance(received, send);
    if (!methods) {
      note_unknown(methods.error().message());
      return Turn::kDone;
    }
    if (!*methods) return Turn::kMet;
    is_over_ = true;
    if ((*methods)->lets_in) facts.add("auth_method", "none");
    for (const auto& name : (*methods)->names) facts.add("auth_method", name);
    if ((*methods)->lets_in || !(*methods)->names.empty())
      facts.authentication = !(*methods)->lets_in;
    else
      note_unknown("the server names none that is known");
    return Turn::kDone;
  }

  void note_unknown(const std::string& why) {
    is_over_ = true;
    if (!facts.detail.empty()) facts.detail += "; ";
    facts.detail += "methods of authentication were not seen: " + why;
  }

  SshSession session_;
  bool is_over_ = false;
};

// What is asked for the host keys, one connection each.
struct KeyQuestions {
  SshOffer server;
  std::string exchange;
  NameList algorithms;
  std::size_t next = 0;
};

class HostKey : public Dialogue {
 public:
  HostKey(Facts known, KeyQuestions questions) : questions_(std::move(questions)) {
    facts = std::move(known);
    offer_ = questions_.server;
    offer_.key_exchanges = {questions_.exchange};
    offer_.host_keys = {questions_.algorithms[questions_.next++]};
  }

  Turn take(std::string& received, std::string& send) override {
    while (!has_version_) {
      const auto line = tls::take_line(received);
      if (!line) return Turn::kDone;
      if (!*line) return Turn::kMet;
      if (!(*line)->starts_with("SSH-")) continue;
      has_version_ = true;
      send += kVersion;
      send += ssh_packet(write_ssh_offer(offer_));
      send += ssh_packet(ssh_exchange_opening(questions_.exchange));
    }
    for (;;) {
      const auto packet = take_ssh_packet(received);
      if (!packet) return Turn::kDone;
      if (!*packet) return Turn::kMet;
      if ((*packet)->front() == kSshDisconnect) return Turn::kDone;
      if ((*packet)->front() != kSshKexReply) continue;
      if (const auto key = parse_ssh_exchange_reply(**packet))
        facts.add("host_key", key->type + " " + (key->bits > 0 ? std::to_string(key->bits) : "?"));
      return Turn::kDone;
    }
  }

  std::unique_ptr<Dialogue> follow_up() override {
    if (questions_.next == questions_.algorithms.size()) return std::make_unique<Methods>(facts);
    return std::make_unique<HostKey>(facts, questions_);
  }

 private:
  KeyQuestions questions_;
  SshOffer offer_;
  bool has_version_ = false;
};

class Ssh : public Dialogue {
 public:
  Turn take(std::string& received, std::string& send) override {
    while (facts.protocol.empty()) {
      // A server may say other lines before (4.2), which do not begin so.
      if (!received.starts_with("SSH-") && !std::string_view("SSH-").starts_with(received) &&
          received.find('\n') == std::string::npos)
        return received.size() > 255 ? Turn::kForeign : Turn::kMore;
      const auto line = tls::take_line(received);
      if (!line || ++lines_ > kMaxLines) return Turn::kForeign;
      if (!*line) return Turn::kMore;
      if (!(*line)->starts_with("SSH-")) continue;
      if (!note_version(std::string_view(**line).substr(4))) return Turn::kForeign;
      if (is_old_) return Turn::kDone;
      send += kVersion;
    }
    const auto packet = take_ssh_packet(received);
    if (!packet) return broken(packet.error());
    if (!*packet) return Turn::kMet;
    auto offer = parse_ssh_offer(**packet);
    if (!offer) return broken(offer.error());
    has_offer_ = true;
    note_offer(*offer);
    prepare_questions(*std::move(offer));
    return Turn::kDone;
  }

  std::unique_ptr<Dialogue> follow_up() override {
    if (!has_offer_) return nullptr;
    if (questions_.algorithms.empty()) return std::make_unique<Methods>(facts);
    return std::make_unique<HostKey>(facts, questions_);
  }

 private:
  static constexpr int kMaxLines = 50;
  static constexpr std::size_t kMaxKeys = 8;

  // "2.0-OpenSSH_9.2p1 Debian-2": the protocol's version, a dash, the software's.
  bool note_version(std::string_view text) {
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) return false;
    const auto protocol = text.substr(0, dash);
    facts.protocol = "ssh";
    facts.add("protocol", protocol);
    is_old_ = protocol != "2.0" && protocol != "1.99";
    note_token(text.substr(dash + 1), "_-", &facts);
    return true;
  }

  Turn broken(const Error& error) {
    facts.detail = error.message();
    return Turn::kDone;
  }

  // What goes both ways is named once.
  void note_both(std::string_view name, NameList in, const NameList& out) {
    for (const auto& other : out)
      if (std::ranges::find(in, other) == in.end()) in.push_back(other);
    for (const auto& each : in) facts.add(name, each);
  }

  void note_offer(const SshOffer& offer) {
    // Among the exchanges stand words that say what else is understood (RFC 8308).
    for (const auto& name : offer.key_exchanges)
      facts.add(name.starts_with("ext-info-") || name.starts_with("kex-strict-") ? "extension"
                                                                                 : "key_exchange",
                name);
    note_both("host_key_algorithm", offer.host_keys, {});
    note_both("cipher", offer.ciphers_in, offer.ciphers_out);
    note_both("mac", offer.macs_in, offer.macs_out);
    note_both("compression", offer.compressions_in, offer.compressions_out);
  }

  void prepare_questions(SshOffer offer) {
    const auto known = std::ranges::find_if(
        offer.key_exchanges, [](const auto& name) { return !ssh_exchange_opening(name).empty(); });
    if (known == offer.key_exchanges.end()) {
      facts.detail = "host keys were not seen: no exchange of keys that is known";
      return;
    }
    questions_.exchange = *known;
    std::vector<std::string_view> kinds;
    for (const auto& algorithm : offer.host_keys) {
      const auto kind = kind_of_key(algorithm);
      if (kind.find("cert") != std::string_view::npos ||
          std::ranges::find(kinds, kind) != kinds.end())
        continue;
      if (questions_.algorithms.size() == kMaxKeys) break;
      kinds.push_back(kind);
      questions_.algorithms.push_back(algorithm);
    }
    questions_.server = std::move(offer);
  }

  int lines_ = 0;
  bool is_old_ = false;
  bool has_offer_ = false;
  KeyQuestions questions_;
};

}  // namespace

std::unique_ptr<Dialogue> make_ssh(const Setting&) {
  return std::make_unique<Ssh>();
}

}  // namespace assay::agent::services
