// What an audit has found out about one endpoint so far. Inquiries write it, rows.h reads it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/network/tls/connection/connection.h"
#include "agent/network/tls/wire/protocol.h"

namespace assay::agent::tls {

struct SuiteFinding {
  std::uint32_t code = 0;
  std::optional<std::uint32_t> group;  // the server chose for it
  std::int64_t bits = 0;               // of DH's or RSA's short-lived key; 0: none seen
  std::optional<std::uint32_t> signature;
};

struct ProtocolFinding {
  enum class State : std::uint8_t { kUnknown, kOffered, kRefused };
  State state = State::kUnknown;
  Ending ending = Ending::kFailed;     // why it is not known, or its list is not whole
  std::string detail;                  // in words; empty: the list is whole
  std::vector<SuiteFinding> suites;    // in the order in which the server chose them
  bool is_order_known = true;          // that order is the server's order for all of them
  std::optional<bool> server_prefers;  // whether the server's order counts; not known for one suite
};

struct Findings {
  std::array<ProtocolFinding, kAllProtocols.size()> protocols;
  std::vector<std::vector<std::string>> chains;  // each different one, DER, the server's first
  std::vector<std::uint32_t> groups;             // in the order in which the server chose them
  std::vector<std::uint32_t> groups_tls12;       // the same up to TLS 1.2
  std::vector<std::uint32_t> signatures;         // in handshakes up to TLS 1.2
  std::vector<std::uint32_t> signatures_tls13;
  std::vector<std::string> application_protocols;
  std::optional<bool> compression;
  std::optional<bool> renegotiation_info;
  std::optional<bool> extended_master_secret;
  std::optional<bool> encrypt_then_mac;
  std::optional<bool> session_tickets;
  std::optional<bool> session_ids;
  std::optional<bool> heartbeat;
  std::optional<bool> fallback_scsv;
  std::optional<bool> stapling;
  std::optional<bool> requests_certificate;
  std::vector<std::string> notes;  // what could not be found out, and why

  ProtocolFinding& of(Protocol protocol) { return protocols[static_cast<std::size_t>(protocol)]; }
  [[nodiscard]] const ProtocolFinding& of(Protocol protocol) const {
    return protocols[static_cast<std::size_t>(protocol)];
  }
  [[nodiscard]] bool offers(Protocol protocol) const {
    return of(protocol).state == ProtocolFinding::State::kOffered;
  }
  // The highest that is offered from `lowest` to `highest`.
  [[nodiscard]] std::optional<Protocol> highest(Protocol lowest, Protocol highest) const;
  // Keeps a chain that is not known yet; at most eight.
  void note_chain(const std::vector<std::string>& chain);
};

// `value` is from now on true, or what it was, or `fact`.
void note(std::optional<bool>& value, bool fact);

}  // namespace assay::agent::tls
