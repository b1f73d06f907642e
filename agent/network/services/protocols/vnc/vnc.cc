// VNC: the Remote Framebuffer protocol (RFC 6143).
//
// Sent: a version. The server names the kinds of security that it offers; none is chosen.
#include "agent/network/services/protocols/product.h"
#include "agent/network/services/protocols/registry.h"
#include "agent/network/tls/wire/bytes.h"

namespace assay::agent::services {

namespace {

constexpr std::size_t kVersionSize = 12;  // "RFB 003.008\n"
constexpr std::uint32_t kNone = 1;

std::string name_of_type(std::uint32_t type) {
  switch (type) {
    case kNone: return "none";
    case 2: return "vnc";
    case 5: return "ra2";
    case 6: return "ra2ne";
    case 16: return "tight";
    case 17: return "ultra";
    case 18: return "tls";
    case 19: return "vencrypt";
    case 20: return "sasl";
    case 22: return "xvp";
    case 30: return "apple-dh";
    default: return std::to_string(type);
  }
}

class Vnc : public Dialogue {
 public:
  Turn take(std::string& received, std::string& send) override {
    if (facts.protocol.empty()) return greeting(received, send);
    if (is_old_) {
      if (received.size() < 4) return Turn::kMet;
      tls::ByteReader in(received);
      const auto type = in.number(4);
      if (type == 0) return turned_away();
      note(type);
      return Turn::kDone;
    }
    const auto count = static_cast<std::size_t>(static_cast<unsigned char>(received[0]));
    if (count == 0) return turned_away();
    if (received.size() < count + 1) return Turn::kMet;
    for (const char type : received.substr(1, count)) note(static_cast<unsigned char>(type));
    return Turn::kDone;
  }

 private:
  Turn greeting(std::string& received, std::string& send) {
    constexpr std::string_view kBegin = "RFB ";
    if (received.substr(0, kBegin.size()) != kBegin.substr(0, received.size()))
      return Turn::kForeign;
    if (received.size() < kVersionSize) return Turn::kMore;
    const auto version = received.substr(0, kVersionSize);
    if (version[7] != '.' || version[11] != '\n') return Turn::kForeign;
    received.erase(0, kVersionSize);
    facts.protocol = "vnc";
    facts.add("protocol", std::string_view(version).substr(4, 7));
    // From 3.7 on the server lists its kinds; before, it chooses one.
    is_old_ = version < "RFB 003.007\n";
    send += is_old_ ? "RFB 003.003\n" : version < "RFB 003.008\n" ? version : "RFB 003.008\n";
    if (received.empty()) return Turn::kMet;
    return take(received, send);
  }

  Turn turned_away() {
    facts.detail = "the server turned the connection away";
    return Turn::kDone;
  }

  void note(std::uint32_t type) {
    facts.add("security_type", name_of_type(type));
    facts.authentication = facts.authentication.value_or(true) && type != kNone;
  }

  bool is_old_ = false;
};

}  // namespace

std::unique_ptr<Dialogue> make_vnc(const Setting&) {
  return std::make_unique<Vnc>();
}

}  // namespace assay::agent::services
