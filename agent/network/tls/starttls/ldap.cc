// LDAP: RFC 4511 4.14. Two messages in BER, small enough to write and read by hand.
#include "agent/network/tls/starttls/start_tls.h"
#include "agent/network/tls/wire/bytes.h"

namespace assay::agent::tls {

namespace {

constexpr std::uint32_t kSequence = 0x30;
constexpr std::uint32_t kInteger = 0x02;
constexpr std::uint32_t kEnumerated = 0x0A;
constexpr std::uint32_t kExtendedResponse = 0x78;
constexpr char kBusy = 51;  // RFC 4511 A.1
constexpr std::size_t kMaxMessage = 16U << 10U;

// The length at the reader's place; nullopt for a form that BER in LDAP may not have.
std::optional<std::size_t> length_in(ByteReader& in) {
  const auto first = in.u8();
  if (first < 0x80) return first;
  const auto width = first & 0x7FU;
  if (width == 0 || width > 3) return std::nullopt;
  return in.number(width);
}

class Ldap : public StartTls {
 public:
  std::string opening() override {
    constexpr std::string_view kStartTls = "1.3.6.1.4.1.1466.20037";
    ByteWriter out;
    out.u8(kSequence);
    out.block(1, [&] {
      out.u8(kInteger);
      out.block(1, [&] { out.u8(1); });
      out.u8(0x77);  // ExtendedRequest
      out.block(1, [&] {
        out.u8(0x80);  // requestName
        out.block(1, [&] { out.raw(kStartTls); });
      });
    });
    return out.take();
  }

  Result<Turn> take(std::string& received, std::string&) override {
    const auto foreign = [] { return fail(Code::kInvalidData, "the server does not speak LDAP"); };
    if (!received.empty() && static_cast<unsigned char>(received[0]) != kSequence) return foreign();
    if (received.size() < 6) return Turn::kMore;
    ByteReader in(received);
    (void)in.u8();
    const auto length = length_in(in);
    if (!length || *length > kMaxMessage) return foreign();
    const std::string whole(in.raw(*length));
    if (in.is_short()) return Turn::kMore;
    ByteReader message(whole);
    received.erase(0, received.size() - in.rest().size());
    if (message.u8() != kInteger) return foreign();
    (void)message.block(1);
    if (message.u8() != kExtendedResponse || !length_in(message)) return foreign();
    if (message.u8() != kEnumerated) return foreign();
    const auto result = message.block(1);
    if (message.is_short() || result.size() != 1) return foreign();
    if (result[0] == kBusy) return turned_away();
    return result[0] == 0 ? Turn::kReady : Turn::kRefused;
  }
};

}  // namespace

std::unique_ptr<StartTls> ldap_start_tls() {
  return std::make_unique<Ldap>();
}

}  // namespace assay::agent::tls
