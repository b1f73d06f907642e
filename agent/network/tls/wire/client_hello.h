// The first message of a handshake, written by hand: a TLS library would neither offer what it
// cannot speak nor leave out what it must.
//
// Pure functions; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/network/tls/wire/protocol.h"

namespace assay::agent::tls {

// What a NewSessionTicket gave, offered once more (RFC 8446 4.2.11).
struct OfferedTicket {
  std::string identity;
  std::uint32_t obfuscated_age = 0;
  std::size_t binder_bytes = 0;  // of zeros, in which the hello ends; see binders_of()
};

struct ClientHello {
  Protocol protocol = Protocol::kTls12;  // the one version that is offered; not kSsl2
  std::array<char, 32> random{};
  std::vector<std::uint32_t> suites;  // in the order of preference
  std::string server_name;            // SNI; empty: none, as for an address

  // All that follows goes into extensions, which SSLv3 does not have.
  std::vector<std::uint32_t> groups;               // none: no extension
  std::vector<std::uint32_t> signature_schemes;    // from TLS 1.2 on; none: no extension
  std::vector<std::string> application_protocols;  // ALPN; none: no extension
  // TLS 1.3: public keys by group. None asks the server to choose a group in a HelloRetryRequest,
  // which costs it no signature.
  std::vector<std::pair<std::uint32_t, std::string>> key_shares;
  std::string cookie;                   // TLS 1.3: of a HelloRetryRequest; empty: none
  std::optional<OfferedTicket> ticket;  // TLS 1.3
  bool asks_for_status = false;         // OCSP stapling
  bool offers_heartbeat = false;
  bool is_fallback = false;  // TLS_FALLBACK_SCSV (RFC 7507): as if a higher version had failed
  // DEFLATE and LZS before "none", up to TLS 1.2.
  bool offers_compression = true;
};

// One record (RFC 8446 5.1) with one ClientHello. renegotiation_info, session_ticket,
// extended_master_secret and encrypt_then_mac are always offered up to TLS 1.2.
[[nodiscard]] std::string write_client_hello(const ClientHello& hello);
// How many bytes at its end are the list of binders, which a binder does not cover; 0: no ticket.
[[nodiscard]] std::size_t binders_of(const ClientHello& hello);

// SSLv2's own hello, in a record of two bytes' header, with all of its cipher kinds.
[[nodiscard]] std::string write_ssl2_hello(std::string_view challenge);

}  // namespace assay::agent::tls
