// VNC, the remote framebuffer protocol (RFC 6143).
#include <algorithm>

#include "agent/network/sensor/recognise/recogniser.h"

namespace assay::agent::sensor {
namespace {

constexpr std::size_t kGreeting = 12;  // "RFB 003.008\n"
constexpr std::uint8_t kNoLogin = 1;
constexpr std::uint8_t kVncLogin = 2;

bool begins_greeting(Bytes bytes) {
  constexpr std::string_view kBegin = "RFB 00";
  const auto text = text_of(bytes);
  return text.substr(0, kBegin.size()) == kBegin.substr(0, text.size());
}

Verdict told(std::uint8_t type, Recognised* found) {
  if (type == kNoLogin) found->secret = Secret::kAnonymous;
  if (type == kVncLogin) found->secret = Secret::kChallenge;
  return Verdict::kYes;  // the other types lead to TLS or SASL
}

}  // namespace

Verdict look_for_vnc(const Exchange& exchange, Recognised* found) {
  if (!begins_greeting(exchange.server) || !begins_greeting(exchange.client)) return Verdict::kNo;
  if (exchange.server.size() < kGreeting || exchange.client.size() < kGreeting)
    return Verdict::kMore;
  found->is_certain = true;
  const auto offered = exchange.server.subspan(kGreeting);
  // Version 3.3: the server decides; 3.7 and later: the client chooses from a list.
  if (text_of(exchange.client).substr(4, 7) == "003.003") {
    if (offered.size() < 4) return Verdict::kMore;
    return told(static_cast<std::uint8_t>(std::min<std::uint32_t>(be32(offered.data()), 255)),
                found);
  }
  if (exchange.client.size() < kGreeting + 1) return Verdict::kMore;
  return told(exchange.client[kGreeting], found);
}

}  // namespace assay::agent::sensor
