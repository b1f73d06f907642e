// ONC RPC (RFC 5531) over TCP: the port mapper (RFC 1833), NFS (RFC 1813, 7530), mountd.
//
// Sent: procedure 0 of these programs, which does nothing.
#include <array>

#include "agent/network/services/protocols/product.h"
#include "agent/network/services/protocols/registry.h"
#include "agent/network/tls/wire/bytes.h"

namespace assay::agent::services {

namespace {

struct Program {
  std::string_view name;
  std::uint32_t number;
  std::uint32_t version;
};
constexpr std::array kPrograms{Program{"portmapper", 100'000, 2}, Program{"nfs", 100'003, 3},
                               Program{"nfs", 100'003, 4}, Program{"mountd", 100'005, 3}};
constexpr std::uint32_t kNumber = 0x41534159;
constexpr std::size_t kMaxMessage = 4096;

void put(tls::ByteWriter& out, std::uint32_t value) {
  out.u16(value >> 16U);
  out.u16(value);
}

std::string call(std::size_t place) {
  tls::ByteWriter out;
  put(out, 0x8000'0000U | 40U);  // the last fragment
  put(out, kNumber + static_cast<std::uint32_t>(place));
  put(out, 0);  // a call
  put(out, 2);  // of RPC 2
  put(out, kPrograms[place].number);
  put(out, kPrograms[place].version);
  put(out, 0);                              // NULL
  for (int i = 0; i < 4; ++i) put(out, 0);  // neither credentials nor verifier
  return out.take();
}

class Rpc : public Dialogue {
 public:
  std::string opening() override { return call(0); }

  Turn take(std::string& received, std::string& send) override {
    const auto foreign = facts.protocol.empty() ? Turn::kForeign : Turn::kDone;
    if (static_cast<unsigned char>(received[0]) < 0x80) return foreign;
    if (received.size() < 12) return facts.protocol.empty() ? Turn::kMore : Turn::kMet;
    tls::ByteReader in(received);
    const std::size_t length = in.number(4) & 0x7FFF'FFFFU;
    const auto number = in.number(4);
    const auto kind = in.number(4);
    if (length < 12 || length > kMaxMessage || kind != 1) return foreign;
    if (number != kNumber + static_cast<std::uint32_t>(place_)) return foreign;
    if (received.size() < length + 4) return facts.protocol.empty() ? Turn::kMore : Turn::kMet;
    const bool is_accepted = in.number(4) == 0;
    (void)in.number(4);  // verifier
    (void)in.block(4);
    const auto state = in.number(4);
    const bool is_short = in.is_short();
    received.erase(0, length + 4);
    facts.protocol = "rpc";
    if (!is_accepted) {
      facts.authentication = true;
      return Turn::kDone;
    }
    constexpr std::uint32_t kUnavailable = 1;
    // Success, or of another version alone: the program is there.
    if (!is_short && state != kUnavailable && (state == 0 || state == 2)) {
      facts.protocol = kPrograms[place_].name;
      return Turn::kDone;
    }
    if (++place_ == kPrograms.size()) return Turn::kDone;
    send += call(place_);
    return Turn::kMet;
  }

 private:
  std::size_t place_ = 0;
};

}  // namespace

std::unique_ptr<Dialogue> make_rpc(const Setting&) {
  return std::make_unique<Rpc>();
}

}  // namespace assay::agent::services
