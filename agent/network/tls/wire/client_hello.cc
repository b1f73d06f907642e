#include "agent/network/tls/wire/client_hello.h"

#include "agent/network/tls/suites/cipher_suite.h"
#include "agent/network/tls/wire/bytes.h"
#include "agent/network/tls/wire/extension.h"
#include "agent/network/tls/wire/record.h"

namespace assay::agent::tls {

namespace {

constexpr std::uint32_t kEmptyRenegotiationInfo = 0x00FF;  // SCSV, RFC 5746 3.3
constexpr std::uint32_t kFallback = 0x5600;                // SCSV, RFC 7507

class HelloWriter {
 public:
  explicit HelloWriter(const ClientHello& hello) : hello_(hello) {}

  std::string record() {
    out_.u8(kHandshakeRecord);
    // Old servers refuse a record of a version that they have not heard of.
    out_.u16(hello_.protocol == Protocol::kSsl3 ? 0x0300 : 0x0301);
    out_.block(2, [&] {
      out_.u8(kClientHelloMessage);
      out_.block(3, [&] { body(); });
    });
    return out_.take();
  }

 private:
  [[nodiscard]] bool is_tls13() const { return hello_.protocol == Protocol::kTls13; }

  void body() {
    out_.u16(version_of(is_tls13() ? Protocol::kTls12 : hello_.protocol));
    out_.raw({hello_.random.data(), hello_.random.size()});
    // A session of 1.2 to resume, for boxes between us that know nothing newer (RFC 8446 D.4).
    out_.block(1, [&] {
      if (is_tls13()) out_.raw({hello_.random.data(), hello_.random.size()});
    });
    out_.block(2, [&] { suites(); });
    out_.block(1, [&] {
      if (hello_.offers_compression && !is_tls13()) out_.raw("\x01\x40");
      out_.u8(0);
    });
    if (hello_.protocol != Protocol::kSsl3) out_.block(2, [&] { extensions(); });
  }

  void suites() {
    for (const auto suite : hello_.suites) out_.u16(suite);
    if (hello_.protocol == Protocol::kSsl3) out_.u16(kEmptyRenegotiationInfo);
    if (hello_.is_fallback) out_.u16(kFallback);
  }

  template <typename Body>
  void extension(std::uint32_t type, Body&& body) {
    out_.u16(type);
    out_.block(2, body);
  }

  void codes(std::uint32_t type, const std::vector<std::uint32_t>& codes) {
    if (codes.empty()) return;
    extension(type, [&] {
      out_.block(2, [&] {
        for (const auto code : codes) out_.u16(code);
      });
    });
  }

  void extensions() {
    if (!hello_.server_name.empty())
      extension(kServerName, [&] {
        out_.block(2, [&] {
          out_.u8(0);  // host_name
          out_.block(2, [&] { out_.raw(hello_.server_name); });
        });
      });
    codes(kSupportedGroups, hello_.groups);
    if (hello_.protocol >= Protocol::kTls12) codes(kSignatureAlgorithms, hello_.signature_schemes);
    if (!hello_.application_protocols.empty())
      extension(kApplicationProtocols, [&] {
        out_.block(2, [&] {
          for (const auto& name : hello_.application_protocols)
            out_.block(1, [&] { out_.raw(name); });
        });
      });
    // OCSP, no list of responders, no extensions: RFC 6066 8.
    if (hello_.asks_for_status) extension(kStatusRequest, [&] { out_.raw({"\x01\0\0\0\0", 5}); });
    if (hello_.offers_heartbeat) extension(kHeartbeat, [&] { out_.u8(1); });
    if (is_tls13())
      of_tls13();
    else
      of_tls12();
  }

  void of_tls12() {
    extension(kPointFormats, [&] { out_.raw({"\x01\0", 2}); });  // uncompressed
    extension(kEncryptThenMac, [] {});
    extension(kExtendedMasterSecret, [] {});
    extension(kSessionTicket, [] {});
    extension(kRenegotiationInfo, [&] { out_.u8(0); });
  }

  void of_tls13() {
    extension(kSupportedVersions,
              [&] { out_.block(1, [&] { out_.u16(version_of(Protocol::kTls13)); }); });
    extension(kPskKeyExchangeModes, [&] { out_.raw("\x01\x01"); });  // with (EC)DHE
    extension(kKeyShare, [&] {
      out_.block(2, [&] {
        for (const auto& [group, key] : hello_.key_shares) {
          out_.u16(group);
          out_.block(2, [&] { out_.raw(key); });
        }
      });
    });
    if (!hello_.cookie.empty())
      extension(kCookie, [&] { out_.block(2, [&] { out_.raw(hello_.cookie); }); });
    if (hello_.ticket) extension(kPreSharedKey, [&] { ticket(*hello_.ticket); });  // the last
  }

  void ticket(const OfferedTicket& ticket) {
    out_.block(2, [&] {
      out_.block(2, [&] { out_.raw(ticket.identity); });
      out_.u16(ticket.obfuscated_age >> 16U);
      out_.u16(ticket.obfuscated_age);
    });
    out_.block(2,
               [&] { out_.block(1, [&] { out_.raw(std::string(ticket.binder_bytes, '\0')); }); });
  }

  const ClientHello& hello_;
  ByteWriter out_;
};

}  // namespace

std::string write_client_hello(const ClientHello& hello) {
  return HelloWriter(hello).record();
}

std::size_t binders_of(const ClientHello& hello) {
  return hello.ticket ? 2 + 1 + hello.ticket->binder_bytes : 0;
}

std::string write_ssl2_hello(std::string_view challenge) {
  ByteWriter out;
  out.u8(1);  // CLIENT-HELLO
  out.u16(version_of(Protocol::kSsl2));
  out.u16(static_cast<std::uint32_t>(3 * ssl2_suites().size()));
  out.u16(0);  // no session
  out.u16(static_cast<std::uint32_t>(challenge.size()));
  for (const auto& suite : ssl2_suites()) out.u24(suite.code);
  out.raw(challenge);
  const auto message = out.take();
  ByteWriter record;
  record.u16(0x8000U | static_cast<std::uint32_t>(message.size()));
  record.raw(message);
  return record.take();
}

}  // namespace assay::agent::tls
