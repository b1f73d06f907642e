// The dialogues after which a server speaks TLS on a connection that began in clear.
//
// A protocol is one file of this folder with one class; it is added to the list in start_tls.cc and
// nothing else. Dialogues are pure state machines over hostile bytes: bounded, fuzzed by
// tests/fuzz/start_tls_fuzz.cc, without sockets. One object per connection.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::agent::tls {

// Of all that a server says before TLS.
inline constexpr std::size_t kMaxDialogueBytes = 64U << 10U;

enum class Turn {
  kMore,     // nothing to do until more comes; `send`, if any, goes out
  kReady,    // the next byte of ours is TLS
  kRefused,  // the server speaks the protocol and does not offer TLS
};

class StartTls {
 public:
  virtual ~StartTls() = default;
  // What we say first; empty where the server speaks first.
  [[nodiscard]] virtual std::string opening() { return {}; }
  // Takes from the front of `received` what it understands, and appends to `send`. kInvalidData:
  // the server does not speak this protocol; kUnavailable: it turns us away before we could ask.
  [[nodiscard]] virtual Result<Turn> take(std::string& received, std::string& send) = 0;
};

// What take() says of a server that is busy, or does not want this client.
[[nodiscard]] inline std::unexpected<Error> turned_away() {
  return fail(Code::kUnavailable, "the server turned the connection away");
}

// "smtp", "imap", "pop3", "ftp", "ldap", "postgresql", "mysql", "rdp".
[[nodiscard]] std::span<const std::string_view> start_tls_protocols();
// nullptr: no such protocol.
[[nodiscard]] std::unique_ptr<StartTls> start_tls(std::string_view protocol);

// One function per file of this folder.
[[nodiscard]] std::unique_ptr<StartTls> smtp_start_tls();
[[nodiscard]] std::unique_ptr<StartTls> imap_start_tls();
[[nodiscard]] std::unique_ptr<StartTls> pop3_start_tls();
[[nodiscard]] std::unique_ptr<StartTls> ftp_start_tls();
[[nodiscard]] std::unique_ptr<StartTls> ldap_start_tls();
[[nodiscard]] std::unique_ptr<StartTls> postgresql_start_tls();
[[nodiscard]] std::unique_ptr<StartTls> mysql_start_tls();
[[nodiscard]] std::unique_ptr<StartTls> rdp_start_tls();

}  // namespace assay::agent::tls
