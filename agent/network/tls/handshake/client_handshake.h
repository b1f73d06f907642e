// A handshake of TLS 1.3 carried through by a client (RFC 8446 2, 4), by hand: for what it says
// only when it is encrypted. The exchange of keys, hashes and ciphers are libcrypto's.
//
// Nothing of it is trusted: the chain is judged apart (certificate/), and that the server holds its
// key is not asked, as it is not up to TLS 1.2. The server's Finished must be right.
//
// Without a socket or a clock: it is given what came and says what goes out. Hostile input: fuzzed
// by tests/fuzz/tls_handshake_fuzz.cc. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/network/tls/handshake/key_agreement.h"
#include "agent/network/tls/handshake/key_schedule.h"
#include "agent/network/tls/handshake/record_protection.h"
#include "agent/network/tls/wire/client_hello.h"
#include "agent/network/tls/wire/encrypted_messages.h"
#include "agent/network/tls/wire/server_messages.h"

namespace assay::agent::tls {

// What a server gave to be resumed with (RFC 8446 4.6.1).
struct Session {
  const AeadSuite* suite = nullptr;
  std::string pre_shared_key;
  std::string ticket;
  std::uint32_t age_add = 0;
};

struct HandshakeFacts {
  bool is_finished = false;
  std::vector<std::string> chain;  // DER, the server's first
  std::string application_protocol;
  std::string status;  // a stapled OCSP response
  int tickets = 0;
  std::shared_ptr<const Session> session;  // of the last ticket
  bool requests_certificate = false;
  bool has_data = false;  // the server speaks first
};

class ClientHandshake {
 public:
  // `hello`: what is offered; suites, groups and key share are added. `session`: to be resumed;
  // nullptr: none.
  ClientHandshake(ClientHello hello, std::shared_ptr<const Session> session);

  // `received`: all that has come so far. kInvalidData, kTooLarge: what the server said;
  // kUnavailable: it said that it closes; kInternal: libcrypto fails.
  [[nodiscard]] Status take(std::string_view received);
  // What is to be sent; the caller takes away what was.
  [[nodiscard]] std::string& pending() { return pending_; }
  [[nodiscard]] const HandshakeFacts& facts() const { return facts_; }

 private:
  enum class State : std::uint8_t {
    kServerHello,
    kEncryptedExtensions,
    kCertificate,
    kCertificateVerify,
    kFinished,
    kConnected
  };

  Status say_hello(std::uint32_t group);
  [[nodiscard]] std::string binder(std::string_view hello) const;
  Status take_record(const Record& record);
  Status take_content(std::uint32_t type, std::string_view content);
  Status take_message(const Message& message);
  Status take_hello(const Message& message);
  Status take_retry(const ServerHello& hello, const Message& message);
  Status take_certificate(std::string_view body);
  Status take_finished(const Message& message);
  Status answer_finished();
  Status take_ticket(std::string_view body);

  ClientHello hello_;
  std::shared_ptr<const Session> session_;  // that is offered
  std::optional<KeyAgreement> agreement_;
  State state_ = State::kServerHello;
  bool has_retried_ = false;
  std::size_t at_ = 0;      // so many bytes of what has come are taken
  std::string messages_;    // handshake bytes that no message has been made of yet
  std::string transcript_;  // RFC 8446 4.4.1
  const AeadSuite* suite_ = nullptr;
  std::optional<KeySchedule> schedule_;
  std::optional<RecordProtection> reads_;
  std::string server_secret_;  // of the handshake's traffic
  std::string client_secret_;
  std::string resumption_secret_;
  std::optional<std::string> request_context_;
  std::string pending_;
  HandshakeFacts facts_;
};

}  // namespace assay::agent::tls
