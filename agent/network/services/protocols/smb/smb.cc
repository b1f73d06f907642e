// SMB: [MS-SMB2] 2.2.3 and 2.2.4, [MS-CIFS] 2.2.4.52, over TCP ([MS-SMB2] 2.1).
//
// Sent: NEGOTIATE alone, of SMB 1 with a hint at SMB 2, of SMB 2, and of SMB 1 alone, a connection
// each; where the last is hung up on, SMB 2's once more. No session is set up.
#include "agent/network/services/protocols/product.h"
#include "agent/network/services/protocols/registry.h"
#include "agent/network/tls/wire/bytes.h"

namespace assay::agent::services {

namespace {

constexpr std::size_t kMaxMessage = 64U << 10U;
constexpr std::string_view kMagic1{"\xFFSMB", 4};
constexpr std::string_view kMagic2{"\xFESMB", 4};

std::string framed(const std::string& message) {
  tls::ByteWriter out;
  out.u8(0);
  out.block(3, [&] { out.raw(message); });
  return out.take();
}

std::string negotiate_smb1(bool hints_at_smb2) {
  std::string dialects = std::string("\x02NT LM 0.12\0", 12);
  if (hints_at_smb2) dialects += std::string("\x02SMB 2.002\0\x02SMB 2.???\0", 22);
  std::string out(kMagic1);
  out += '\x72';                                      // NEGOTIATE
  out += std::string("\0\0\0\0\x18\x01\xC8", 8 - 1);  // status, flags, flags2 (Unicode, NT status)
  out += std::string(12, '\0');  // high part of the process, signature, reserved
  out += std::string("\xFF\xFF\x01\0\0\0\x01\0\0", 8);  // tree, process, user, number
  out += '\0';                                          // no words
  out += static_cast<char>(dialects.size());
  out += '\0';
  return framed(out + dialects);
}

std::string negotiate_smb2() {
  std::string out(kMagic2);
  out +=
      std::string("\x40\0\0\0\0\0\0\0\0\0\x01\0", 12);  // header's size, …, NEGOTIATE, one credit
  out += std::string(48, '\0');                         // flags, next, number, …, signature
  out += std::string("\x24\0\x04\0\x01\0\0\0\0\0\0\0", 12);  // four dialects; signing enabled
  out += "assay-scanner-id";                                 // the client's GUID
  out += std::string(8, '\0');
  out += std::string("\x02\x02\x10\x02\0\x03\x02\x03", 8);
  return framed(out);
}

std::string name_of_dialect(std::uint32_t dialect) {
  switch (dialect) {
    case 0x0202: return "2.0.2";
    case 0x0210: return "2.1";
    case 0x0300: return "3.0";
    case 0x0302: return "3.0.2";
    case 0x0311: return "3.1.1";
    case 0x02FF: return "2.x";
    default: return std::to_string(dialect);
  }
}

// kAgain: SMB 2 once more, to see whether it was SMB 1 that a server hung up on.
enum class Asked : std::uint8_t { kBoth, kSmb2, kSmb1, kAgain };

class Smb : public Dialogue {
 public:
  Smb(Facts known, Asked asked) : asked_(asked) { facts = std::move(known); }

  std::string opening() override {
    if (asked_ == Asked::kSmb2 || asked_ == Asked::kAgain) return negotiate_smb2();
    return negotiate_smb1(asked_ == Asked::kBoth);
  }

  Turn take(std::string& received, std::string&) override {
    const auto foreign = facts.protocol.empty() ? Turn::kForeign : Turn::kDone;
    const auto more = facts.protocol.empty() ? Turn::kMore : Turn::kMet;
    if (received[0] != '\0') return foreign;
    if (received.size() < 8) return more;
    tls::ByteReader in(received);
    (void)in.u8();
    const std::size_t length = in.u24();
    const auto magic = in.rest().substr(0, 4);
    if (length > kMaxMessage || (magic != kMagic1 && magic != kMagic2)) return foreign;
    if (received.size() < length + 4) return more;
    const auto message = std::string_view(received).substr(4, length);
    return magic == kMagic1 ? answer_smb1(message) : answer_smb2(message);
  }

  // Hanging up on SMB 1 is how it is refused by whoever speaks SMB 2 alone, unless it hangs up on
  // SMB 2 as well by now. Silence refuses nothing: it is asked again, or stays unknown.
  Turn end(std::string_view received, Last last) override {
    if (facts.protocol.empty() || asked_ == Asked::kAgain) return Turn::kForeign;
    if (asked_ != Asked::kSmb1) return Turn::kDone;
    is_hung_up_on_ = last == Last::kHungUp && received.empty();
    return is_hung_up_on_ ? Turn::kDone : Turn::kForeign;
  }

  std::unique_ptr<Dialogue> follow_up() override {
    if (is_hung_up_on_) return std::make_unique<Smb>(facts, Asked::kAgain);
    if (asked_ == Asked::kSmb1 || asked_ == Asked::kAgain) return nullptr;
    return std::make_unique<Smb>(facts, asked_ == Asked::kBoth ? Asked::kSmb2 : Asked::kSmb1);
  }

 private:
  static std::uint32_t number(std::string_view message, std::size_t at) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(message[at])) |
           static_cast<std::uint32_t>(static_cast<unsigned char>(message[at + 1])) << 8U;
  }

  Turn answer_smb1(std::string_view message) {
    constexpr std::size_t kWords = 32;
    if (message.size() < kWords + 3 || message[4] != '\x72')
      return facts.protocol.empty() ? Turn::kForeign : Turn::kDone;
    facts.protocol = "smb";
    // Without words, or with this number, no dialect was taken.
    const bool is_taken = message[kWords] != 0 && number(message, kWords + 1) != 0xFFFF;
    if (asked_ == Asked::kSmb1 || is_taken) facts.smb1 = is_taken;
    if (is_taken && asked_ == Asked::kSmb1) facts.add("dialect", "NT LM 0.12");
    if (is_taken && message.size() > kWords + 3 && !facts.signing_required)
      facts.signing_required = (message[kWords + 3] & 8) != 0;
    return Turn::kDone;
  }

  Turn answer_smb2(std::string_view message) {
    constexpr std::size_t kBody = 64;
    if (message.size() < kBody + 8) return facts.protocol.empty() ? Turn::kForeign : Turn::kDone;
    facts.protocol = "smb";
    if (asked_ == Asked::kSmb1 || asked_ == Asked::kAgain) facts.smb1 = false;
    const bool is_ok = little(message.substr(8)) == 0;
    if (!is_ok) return Turn::kDone;
    facts.signing_required = (number(message, kBody + 2) & 2U) != 0;
    if (asked_ == Asked::kSmb2) facts.add("dialect", name_of_dialect(number(message, kBody + 4)));
    return Turn::kDone;
  }

  static std::uint32_t little(std::string_view bytes) {
    return number(bytes, 0) | number(bytes, 2) << 16U;
  }

  Asked asked_;
  bool is_hung_up_on_ = false;
};

}  // namespace

std::unique_ptr<Dialogue> make_smb(const Setting&) {
  return std::make_unique<Smb>(Facts{}, Asked::kBoth);
}

}  // namespace assay::agent::services
