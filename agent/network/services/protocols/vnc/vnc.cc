// VNC: the Remote Framebuffer protocol (RFC 6143).
//
// Sent: a version. The server names the kinds of security that it offers; of them VeNCrypt is
// chosen where it is there, since it names kinds of its own, and of those none.
#include "agent/network/services/protocols/product.h"
#include "agent/network/services/protocols/registry.h"
#include "agent/network/tls/wire/bytes.h"

namespace assay::agent::services {

namespace {

constexpr std::size_t kVersionSize = 12;  // "RFB 003.008\n"
constexpr std::uint32_t kNone = 1;
constexpr std::uint32_t kVencrypt = 19;
constexpr std::string_view kVencryptVersion{"\0\x02", 2};

std::string name_of_type(std::uint32_t type) {
  switch (type) {
    case kNone: return "none";
    case 2: return "vnc";
    case 5: return "ra2";
    case 6: return "ra2ne";
    case 16: return "tight";
    case 17: return "ultra";
    case 18: return "tls";
    case kVencrypt: return "vencrypt";
    case 20: return "sasl";
    case 22: return "xvp";
    case 30: return "apple-dh";
    default: return std::to_string(type);
  }
}

// Of VeNCrypt, by its own specification: below 256 those of above, without encryption.
std::string name_of_subtype(std::uint32_t type) {
  if (type < 256) return "vencrypt-" + name_of_type(type);
  switch (type) {
    case 256: return "vencrypt-plain";
    case 257: return "vencrypt-tls-none";
    case 258: return "vencrypt-tls-vnc";
    case 259: return "vencrypt-tls-plain";
    case 260: return "vencrypt-x509-none";
    case 261: return "vencrypt-x509-vnc";
    case 262: return "vencrypt-x509-plain";
    case 263: return "vencrypt-tls-sasl";
    case 264: return "vencrypt-x509-sasl";
    default: return "vencrypt-" + std::to_string(type);
  }
}

// Whether somebody who chooses it must say who he is; nullopt: it says so later, out of our sight.
std::optional<bool> asks_who(std::uint32_t type) {
  switch (type) {
    case kNone:
    case 257:
    case 260: return false;
    case 2:
    case 5:
    case 6:
    case 17:
    case 20:
    case 22:
    case 30:
    case 256:
    case 258:
    case 259:
    case 261:
    case 262:
    case 263:
    case 264: return true;
    default: return std::nullopt;
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
      return conclude();
    }
    return is_in_vencrypt_ ? take_subtypes(received, send) : take_types(received, send);
  }

  Turn end(std::string_view received, Last last) override {
    if (is_in_vencrypt_) has_unknown_ = true;
    conclude();
    return Dialogue::end(received, last);
  }

 private:
  Turn take_types(std::string& received, std::string& send) {
    const auto count = static_cast<std::size_t>(static_cast<unsigned char>(received[0]));
    if (count == 0) return turned_away();
    if (received.size() < count + 1) return Turn::kMet;
    const auto types = received.substr(1, count);
    received.erase(0, count + 1);
    is_in_vencrypt_ = types.find(static_cast<char>(kVencrypt)) != std::string::npos;
    for (const char type : types) note(static_cast<unsigned char>(type));
    if (!is_in_vencrypt_) return conclude();
    send += static_cast<char>(kVencrypt);
    return received.empty() ? Turn::kMet : take_subtypes(received, send);
  }

  // Its version, to which ours is the answer; 0 for a version that it takes; the kinds.
  Turn take_subtypes(std::string& received, std::string& send) {
    if (!has_sent_version_) {
      if (received.size() < kVencryptVersion.size()) return Turn::kMet;
      has_sent_version_ = true;
      if (received.substr(0, 2) < kVencryptVersion) return give_up_subtypes();
      received.erase(0, 2);
      send += kVencryptVersion;
    }
    if (received.size() < 2) return Turn::kMet;
    if (received[0] != '\0') return give_up_subtypes();
    const auto count = static_cast<std::size_t>(static_cast<unsigned char>(received[1]));
    if (received.size() < 2 + 4 * count) return Turn::kMet;
    tls::ByteReader in(std::string_view(received).substr(2));
    for (std::size_t i = 0; i < count; ++i) {
      const auto type = in.number(4);
      facts.add("security_type", name_of_subtype(type));
      judge(type);
    }
    is_in_vencrypt_ = false;
    if (count == 0) has_unknown_ = true;
    return conclude();
  }

  Turn give_up_subtypes() {
    is_in_vencrypt_ = false;
    has_unknown_ = true;
    return conclude();
  }

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
    if (type != kVencrypt) judge(type);
  }

  void judge(std::uint32_t type) {
    const auto asks = asks_who(type);
    if (!asks)
      has_unknown_ = true;
    else if (*asks)
      has_asking_ = true;
    else
      has_open_ = true;
  }

  // One way in without a word is enough; that there is none takes knowing all of them.
  Turn conclude() {
    if (has_open_)
      facts.authentication = false;
    else if (has_asking_ && !has_unknown_)
      facts.authentication = true;
    else if (has_unknown_)
      facts.detail = "a kind of security says only inside whether it asks for a log-in";
    return Turn::kDone;
  }

  bool is_old_ = false;
  bool is_in_vencrypt_ = false;
  bool has_sent_version_ = false;
  bool has_open_ = false;
  bool has_asking_ = false;
  bool has_unknown_ = false;
};

}  // namespace

std::unique_ptr<Dialogue> make_vnc(const Setting&) {
  return std::make_unique<Vnc>();
}

}  // namespace assay::agent::services
