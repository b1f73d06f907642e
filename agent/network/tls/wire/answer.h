// What a server answers to a ClientHello, as far as it is in clear, parsed by hand.
//
// Hostile input: bounded, pure functions over what has arrived so far; any thread. Fuzzed by
// tests/fuzz/tls_answer_fuzz.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/network/tls/wire/protocol.h"
#include "agent/network/tls/wire/record.h"
#include "evidence/result.h"

namespace assay::agent::tls {

inline constexpr std::size_t kMaxAnswerBytes = 512U << 10U;  // of one connection; see record.h
inline constexpr std::size_t kMaxChainCertificates = 32;

struct Alert {
  std::uint32_t description = 0;  // RFC 8446 6; is_fatal below
  bool is_fatal = false;
};
// "handshake_failure"; "alert 200" where the number is not defined.
[[nodiscard]] std::string alert_name(std::uint32_t description);

inline constexpr std::uint32_t kHandshakeFailure = 40;
inline constexpr std::uint32_t kProtocolVersion = 70;
inline constexpr std::uint32_t kInternalError = 80;
inline constexpr std::uint32_t kInappropriateFallback = 86;
inline constexpr std::uint32_t kUnrecognizedName = 112;
inline constexpr std::uint32_t kNoApplicationProtocol = 120;

struct ServerHello {
  std::uint32_t version = 0;  // chosen; that of supported_versions where it is there
  bool is_retry = false;      // a HelloRetryRequest
  std::uint32_t suite = 0;
  std::uint32_t compression = 0;
  bool has_session_id = false;
  std::optional<std::uint32_t> group;  // TLS 1.3: of its key share, or that it asks for
  std::string key_share;               // TLS 1.3: its public key for that group
  std::string cookie;                  // of a HelloRetryRequest, to be sent back
  bool has_pre_shared_key = false;     // TLS 1.3: it resumes
  std::string application_protocol;    // empty: none
  bool has_renegotiation_info = false;
  bool has_session_ticket = false;
  bool has_extended_master_secret = false;
  bool has_encrypt_then_mac = false;
  bool has_heartbeat = false;
};

// What the server adds to the exchange of keys (up to TLS 1.2).
struct ServerKeyExchange {
  std::optional<std::uint32_t> group;      // of ECDHE, by name
  std::int64_t bits = 0;                   // of DH's, RSA's or SRP's modulus; 0 with a group
  std::optional<std::uint32_t> signature;  // TLS 1.2: by which scheme it is signed
};

struct Answer {
  std::optional<Alert> alert;  // the first that is fatal, or closes
  std::optional<ServerHello> hello;
  std::vector<std::string> chain;  // DER, the server's first; up to TLS 1.2
  std::optional<ServerKeyExchange> key_exchange;
  std::string status;  // a stapled OCSP response; empty: none
  bool requests_certificate = false;
  bool is_done = false;      // ServerHelloDone
  bool is_complete = false;  // nothing more is to be read
};

enum class Depth : std::uint8_t {
  kHello,        // the ServerHello is enough
  kKeyExchange,  // and, where the suite has one, the ServerKeyExchange
  kWhole,        // until ServerHelloDone; in TLS 1.3 what follows is encrypted
};

// `bytes`: all that has come so far. kInvalidData: not TLS, or against its grammar; kTooLarge: over
// a limit of above, by what a length says, before the bytes are there.
[[nodiscard]] Result<Answer> parse_answer(std::string_view bytes, Depth depth);

// To SSLv2's hello.
struct Ssl2Answer {
  std::vector<std::uint32_t> suites;  // those that both know
  std::string certificate;            // DER
  bool is_complete = false;
};
// kInvalidData for anything but an SSLv2 SERVER-HELLO, a record of TLS among them.
[[nodiscard]] Result<Ssl2Answer> parse_ssl2_answer(std::string_view bytes);

}  // namespace assay::agent::tls
