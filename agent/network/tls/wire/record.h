// The framing of TLS: records (RFC 8446 5.1, RFC 5246 6.2.1), and handshake messages in what they
// carry (RFC 8446 4).
//
// Hostile input: bounded by what a length says, before the bytes are there. Pure functions; any
// thread. Fuzzed by tests/fuzz/tls_answer_fuzz.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "evidence/result.h"

namespace assay::agent::tls {

enum RecordType : std::uint32_t {
  kChangeCipherSpec = 20,
  kAlertRecord = 21,
  kHandshakeRecord = 22,
  kApplicationData = 23,
};

inline constexpr std::size_t kRecordHeader = 5;
inline constexpr std::size_t kMaxMessageBytes = 256U << 10U;  // of one handshake message
inline constexpr std::size_t kMaxHelloBytes = 32U << 10U;     // of a ServerHello

struct Record {
  std::uint32_t type = 0;
  std::string_view header;
  std::string_view body;
};
// The record that `bytes` begin with; nullopt: it is not all there. kInvalidData: not TLS.
[[nodiscard]] Result<std::optional<Record>> next_record(std::string_view bytes);

enum MessageType : std::uint32_t {
  kHelloRequestMessage = 0,
  kClientHelloMessage = 1,
  kServerHelloMessage = 2,
  kNewSessionTicketMessage = 4,
  kEncryptedExtensionsMessage = 8,
  kCertificateMessage = 11,
  kServerKeyExchangeMessage = 12,
  kCertificateRequestMessage = 13,
  kServerHelloDoneMessage = 14,
  kCertificateVerifyMessage = 15,
  kFinishedMessage = 20,
  kCertificateStatusMessage = 22,
  kMessageHashMessage = 254,
};

struct Message {
  std::uint32_t type = 0;
  std::string_view body;
  std::string_view whole;
};
// The same for a handshake message. kTooLarge: over a limit of above.
[[nodiscard]] Result<std::optional<Message>> next_message(std::string_view bytes);

}  // namespace assay::agent::tls
