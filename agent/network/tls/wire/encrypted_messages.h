// The messages of TLS 1.3 that come encrypted, once they are in clear, one function each.
//
// Hostile input: bounded, pure functions; any thread. Fuzzed by tests/fuzz/tls_messages_fuzz.cc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"

namespace assay::agent::tls {

inline constexpr std::size_t kMaxTicketBytes = 8U << 10U;  // one that is offered again

struct CertificateEntries {
  std::vector<std::string> chain;  // DER, the server's first
  std::string status;              // OCSP response stapled to the first; empty: none
};

struct NewSessionTicket {
  std::uint32_t age_add = 0;
  std::string nonce;
  std::string ticket;  // empty: longer than is kept
};

// Each takes the body of one message; kInvalidData where it breaks off or has too much.

// RFC 8446 4.3.1: the application protocol that was chosen; empty: none.
[[nodiscard]] Result<std::string> parse_encrypted_extensions(std::string_view body);
// RFC 8446 4.4.2. kTooLarge: more than kMaxChainCertificates.
[[nodiscard]] Result<CertificateEntries> parse_certificate_entries(std::string_view body);
// RFC 8446 4.3.2: the context, which an answer repeats.
[[nodiscard]] Result<std::string> parse_certificate_request(std::string_view body);
// RFC 8446 4.6.1
[[nodiscard]] Result<NewSessionTicket> parse_new_session_ticket(std::string_view body);

}  // namespace assay::agent::tls
