// RDP: [MS-RDPBCGR] 2.2.1.1 and 2.2.1.2, a request in X.224 inside TPKT (RFC 1006).
#include "agent/network/tls/starttls/start_tls.h"
#include "agent/network/tls/wire/bytes.h"

namespace assay::agent::tls {

namespace {

constexpr std::uint32_t kTpkt = 3;
constexpr std::uint32_t kConfirm = 0xD0;
constexpr std::uint32_t kNegotiationResponse = 2;

class Rdp : public StartTls {
 public:
  std::string opening() override {
    // Connection Request, 14 bytes behind its length; then RDP_NEG_REQ: TLS, or CredSSP over it.
    return {"\x03\0\0\x13\x0E\xE0\0\0\0\0\0\x01\0\x08\0\x03\0\0\0", 19};
  }

  Result<Turn> take(std::string& received, std::string&) override {
    const auto foreign = [] { return fail(Code::kInvalidData, "the server does not speak RDP"); };
    if (!received.empty() && static_cast<unsigned char>(received[0]) != kTpkt) return foreign();
    if (received.size() < 4) return Turn::kMore;
    ByteReader in(received);
    (void)in.u16();
    const auto length = in.u16();
    if (length < 11 || length > 512) return foreign();
    if (received.size() < length) return Turn::kMore;
    ByteReader message(std::string_view(received).substr(4, length - 4));
    (void)message.u8();  // length of the header
    const bool confirms = message.u8() == kConfirm;
    (void)message.raw(5);
    if (!confirms || message.is_short()) return foreign();
    // A server of before 2003 knows no negotiation and says nothing of it.
    const auto kind = message.is_empty() ? 0 : message.u8();
    (void)message.raw(3);  // flags and the length, both in little endian
    const auto chosen = message.u8();
    const bool is_ready = kind == kNegotiationResponse && !message.is_short() && chosen != 0;
    received.erase(0, length);
    return is_ready ? Turn::kReady : Turn::kRefused;
  }
};

}  // namespace

std::unique_ptr<StartTls> rdp_start_tls() {
  return std::make_unique<Rdp>();
}

}  // namespace assay::agent::tls
