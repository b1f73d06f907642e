// RDP: [MS-RDPBCGR] 2.2.1.1 and 2.2.1.2, a request in X.224 inside TPKT (RFC 1006).
//
// Sent: three requests to connect, a connection each: with all kinds of security, with TLS alone,
// and with RDP's own alone.
#include "agent/network/services/protocols/product.h"
#include "agent/network/services/protocols/registry.h"
#include "agent/network/tls/wire/bytes.h"

namespace assay::agent::services {

namespace {

constexpr std::uint32_t kTpkt = 3;
constexpr std::uint32_t kConfirm = 0xD0;
constexpr std::uint32_t kResponse = 2;
constexpr std::uint32_t kFailure = 3;
constexpr std::uint32_t kHybridRequired = 5;

constexpr std::uint32_t kTls = 1;
constexpr std::uint32_t kHybrid = 2;
constexpr std::uint32_t kAll = kTls | kHybrid;

struct Answer {
  bool is_complete = false;
  bool is_foreign = false;
  std::uint32_t kind = 0;   // 0: a server that knows no negotiation
  std::uint32_t value = 0;  // the kind of security, or why not
};

Answer parse(std::string_view received) {
  Answer answer;
  const auto foreign = [&] {
    answer.is_foreign = true;
    return answer;
  };
  if (static_cast<unsigned char>(received[0]) != kTpkt) return foreign();
  if (received.size() < 4) return answer;
  tls::ByteReader in(received);
  (void)in.u16();
  const std::size_t length = in.u16();
  if (length < 11 || length > 512) return foreign();
  if (received.size() < length) return answer;
  tls::ByteReader message(received.substr(4, length - 4));
  (void)message.u8();  // length of the header
  const bool confirms = message.u8() == kConfirm;
  (void)message.raw(5);
  if (!confirms || message.is_short()) return foreign();
  answer.is_complete = true;
  if (message.is_empty()) return answer;
  answer.kind = message.u8();
  (void)message.raw(3);         // flags and the length, both in little endian
  answer.value = message.u8();  // of four bytes the lowest
  return answer;
}

class Rdp : public Dialogue {
 public:
  Rdp(Facts known, std::uint32_t requested) : requested_(requested) { facts = std::move(known); }

  std::string opening() override {
    // Connection Request, 14 bytes behind its length; then RDP_NEG_REQ.
    std::string out{"\x03\0\0\x13\x0E\xE0\0\0\0\0\0\x01\0\x08\0\0\0\0\0", 19};
    out[15] = static_cast<char>(requested_);
    return out;
  }

  Turn take(std::string& received, std::string&) override {
    const auto answer = parse(received);
    if (answer.is_foreign) return facts.protocol.empty() ? Turn::kForeign : Turn::kDone;
    if (!answer.is_complete) return facts.protocol.empty() ? Turn::kMore : Turn::kMet;
    if (facts.protocol.empty()) {
      facts.protocol = "rdp";
      facts.start_tls = false;
    }
    if (answer.kind == kResponse || answer.kind == 0) note_chosen(answer.value);
    // Without CredSSP: refused because it is demanded, or for another reason.
    if (requested_ == kTls && answer.kind == kFailure && answer.value == kHybridRequired)
      facts.network_level_authentication = true;
    return Turn::kDone;
  }

  std::unique_ptr<Dialogue> follow_up() override {
    if (requested_ == 0) return nullptr;
    return std::make_unique<Rdp>(facts, requested_ == kAll ? kTls : 0);
  }

 private:
  void note_chosen(std::uint32_t chosen) {
    facts.add("security_type", chosen == 0 ? "rdp" : chosen == kTls ? "tls" : "credssp");
    if (chosen != 0) facts.start_tls = true;
    if (requested_ != kAll) facts.network_level_authentication = false;
  }

  std::uint32_t requested_;
};

}  // namespace

std::unique_ptr<Dialogue> make_rdp(const Setting&) {
  return std::make_unique<Rdp>(Facts{}, kAll);
}

}  // namespace assay::agent::services
