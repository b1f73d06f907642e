// Telnet (RFC 854): told by option negotiation; a log-in by the prompt for the password and what
// is typed after it.
#include <algorithm>

#include "agent/network/sensor/recognise/lines.h"
#include "agent/network/sensor/recognise/recogniser.h"

namespace assay::agent::sensor {
namespace {

constexpr std::uint8_t kIac = 255;
constexpr std::uint8_t kDont = 254;
constexpr std::uint8_t kWill = 251;
constexpr std::uint8_t kSb = 250;
constexpr std::uint8_t kSe = 240;
constexpr std::uint8_t kEncrypt = 38;  // RFC 2946

struct Text {
  std::string_view all;  // with the negotiation in it
  std::size_t ends = 0;  // of lines, outside the negotiation
  bool is_encrypted = false;
};

// Counts what is typed. Nothing is copied: a password must not lie about in memory.
Text read_text(Bytes bytes) {
  Text text{text_of(bytes)};
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    if (bytes[at] == '\r') ++text.ends;
    if (bytes[at] != kIac || at + 1 >= bytes.size()) continue;
    const auto command = bytes[++at];
    if (command == kSb) {
      if (at + 1 < bytes.size() && bytes[at + 1] == kEncrypt) text.is_encrypted = true;
      while (at + 1 < bytes.size() && !(bytes[at] == kIac && bytes[at + 1] == kSe)) ++at;
      ++at;
    } else if (command >= kWill && command <= kDont) {
      ++at;
    }
  }
  return text;
}

bool begins_negotiation(Bytes bytes) {
  if (bytes.empty()) return true;  // not known yet
  if (bytes[0] != kIac) return false;
  return bytes.size() < 2 || (bytes[1] >= kSb && bytes[1] <= kDont);
}

}  // namespace

Verdict look_for_telnet(const Exchange& exchange, Recognised* found) {
  if (!begins_negotiation(exchange.server)) return Verdict::kNo;
  if (exchange.server.size() < 3) return Verdict::kMore;
  found->is_certain = true;
  const auto shown = read_text(exchange.server);
  const auto typed = read_text(exchange.client);
  if (shown.is_encrypted && typed.is_encrypted) return Verdict::kYes;
  if (!contains_word(shown.all, "assword:") && !contains_word(shown.all, "asscode:"))
    return Verdict::kMore;
  const bool asks_name = contains_word(shown.all, "login:") || contains_word(shown.all, "sername:");
  if (typed.ends < (asks_name ? 2U : 1U)) return Verdict::kMore;
  found->secret = Secret::kPassword;
  return Verdict::kYes;
}

}  // namespace assay::agent::sensor
