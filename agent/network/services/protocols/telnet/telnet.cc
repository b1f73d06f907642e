// Telnet (RFC 854), told by its negotiation of options, and whether it asks for a log-in.
//
// Sent: a refusal of each option that is offered or asked for, as any terminal may answer.
#include "agent/network/services/protocols/product.h"
#include "agent/network/services/protocols/registry.h"

namespace assay::agent::services {

namespace {

constexpr unsigned char kIac = 255;
constexpr unsigned char kDont = 254;
constexpr unsigned char kDo = 253;
constexpr unsigned char kWont = 252;
constexpr unsigned char kWill = 251;
constexpr unsigned char kSubnegotiation = 250;
constexpr unsigned char kSubnegotiationEnd = 240;
constexpr unsigned char kEncrypt = 38;         // RFC 2946
constexpr unsigned char kAuthentication = 37;  // RFC 2941
constexpr unsigned char kStartTls = 46;
constexpr std::size_t kMaxShown = 4096;

std::string name_of_option(unsigned char option) {
  switch (option) {
    case 0: return "binary";
    case 1: return "echo";
    case 3: return "suppress-go-ahead";
    case 5: return "status";
    case 24: return "terminal-type";
    case 31: return "window-size";
    case 32: return "terminal-speed";
    case 33: return "remote-flow-control";
    case 34: return "linemode";
    case 35: return "x-display-location";
    case 36: return "environment";
    case kAuthentication: return "authentication";
    case kEncrypt: return "encrypt";
    case 39: return "new-environment";
    case kStartTls: return "start-tls";
    default: return std::to_string(option);
  }
}

class Telnet : public Dialogue {
 public:
  explicit Telnet(const Setting& setting) : setting_(setting) {}

  Turn take(std::string& received, std::string& send) override {
    if (facts.protocol.empty()) {
      if (static_cast<unsigned char>(received[0]) != kIac) return Turn::kForeign;
      if (received.size() < 3) return Turn::kMore;
      const auto command = static_cast<unsigned char>(received[1]);
      if (command < kSubnegotiation || command == kIac) return Turn::kForeign;
      facts.protocol = "telnet";
    }
    while (!received.empty()) {
      const auto taken = step(received, send);
      if (taken == 0) return Turn::kMet;
      received.erase(0, taken);
    }
    return has_prompt() ? judge() : Turn::kMet;
  }

  // It is a terminal, and never ends by itself: what it showed until now has to do.
  Turn end(std::string_view, Last) override {
    return facts.protocol.empty() ? Turn::kForeign : judge();
  }

 private:
  // How many bytes were understood; 0: more is needed.
  std::size_t step(std::string_view bytes, std::string& send) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    if (at(0) != kIac) {
      if (shown_.size() < kMaxShown) shown_ += bytes[0];
      return 1;
    }
    if (bytes.size() < 2) return 0;
    if (at(1) == kSubnegotiation) {
      constexpr std::string_view kEnd{"\xFF\xF0", 2};
      const auto end = bytes.find(kEnd, 2);
      static_assert(static_cast<unsigned char>('\xF0') == kSubnegotiationEnd);
      return end == std::string_view::npos ? 0 : end + kEnd.size();
    }
    if (at(1) < kWill || at(1) == kIac) return 2;
    if (bytes.size() < 3) return 0;
    negotiate(at(1), at(2), send);
    return 3;
  }

  void negotiate(unsigned char command, unsigned char option, std::string& send) {
    if (answered_ >= kMaxAnswers) return;  // not for ever
    ++answered_;
    const bool asks = command == kDo;
    if (asks || command == kWill) {
      facts.add(asks ? "asks_option" : "offers_option", name_of_option(option));
      send += static_cast<char>(kIac);
      send += static_cast<char>(asks ? kWont : kDont);
      send += static_cast<char>(option);
    }
    if (option == kStartTls && asks) facts.start_tls = true;
    if (option == kEncrypt || option == kAuthentication) has_protection_ = true;
  }

  [[nodiscard]] bool has_prompt() const {
    return has_word(shown_, "login:") || has_word(shown_, "sername:") ||
           has_word(shown_, "assword:");
  }

  Turn judge() {
    // With an option for encryption or authentication offered it may still be taken in clear: to
    // us, who refused both, it shows its prompt.
    if (has_prompt()) facts.cleartext_login = !setting_.is_in_tls;
    if (has_prompt()) facts.authentication = true;
    if (!has_prompt()) facts.detail = "no log-in was asked for within the time that is waited";
    if (has_protection_) facts.add("protection", "offered");
    return Turn::kDone;
  }

  static constexpr int kMaxAnswers = 64;
  Setting setting_;
  std::string shown_;  // without the negotiation; for the prompt, and not kept
  int answered_ = 0;
  bool has_protection_ = false;
};

}  // namespace

std::unique_ptr<Dialogue> make_telnet(const Setting& setting) {
  return std::make_unique<Telnet>(setting);
}

}  // namespace assay::agent::services
