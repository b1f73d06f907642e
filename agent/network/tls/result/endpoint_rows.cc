#include <algorithm>

#include "agent/network/tls/result/cells.h"
#include "agent/network/tls/result/tls_rows.h"
#include "agent/network/tls/wire/named_group.h"
#include "agent/network/tls/wire/signature_scheme.h"

namespace assay::agent::tls {

namespace {

using State = ProtocolFinding::State;

void append(std::string& list, std::string_view word, std::string_view separator = " ") {
  if (!list.empty()) list += separator;
  list += word;
}

// A protocol counts as unknown, too, when its list of suites broke off.
std::string protocols_in(const Findings& findings, State state) {
  std::string list;
  for (const auto protocol : kAllProtocols)
    if (findings.of(protocol).state == state) append(list, name_of(protocol));
  return list;
}

template <typename Name>
std::string names_of(const std::vector<std::uint32_t>& codes, const Name& name) {
  std::string list;
  for (const auto code : codes) append(list, name(code));
  return list;
}

// The smallest prime that a suite with forward secrecy by DH used; 0: none was seen.
std::int64_t dh_bits(const Findings& findings) {
  std::int64_t least = 0;
  for (const auto& protocol : findings.protocols)
    for (const auto& suite : protocol.suites)
      if (suite.bits > 0) least = least == 0 ? suite.bits : std::min(least, suite.bits);
  return least;
}

// Whose order counts, when it is the same for all protocols of which it is known; else the
// clients', as an attacker may choose the protocol.
std::optional<bool> server_preference(const Findings& findings) {
  std::optional<bool> all;
  for (const auto& protocol : findings.protocols)
    if (protocol.server_prefers) all = all.value_or(true) && *protocol.server_prefers;
  return all;
}

// An application protocol's name is bytes that the server chose.
std::string printable(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) append(list, name);
  return list;
}

}  // namespace

void add_endpoint(const EndpointResult& result, evidence::Table& table) {
  const auto& findings = result.findings;
  const bool is_ok = result.status == "ok";
  std::string detail = result.detail;
  for (const auto& note : findings.notes) append(detail, note, "; ");
  const auto when_ok = [&](std::optional<bool> flag) {
    return is_ok ? flag_or_null(flag) : evidence::kNull;
  };
  table.add(
      {{"host", result.target.host},
       {"address", text_or_null(result.address)},
       {"port", std::int64_t{result.target.port}},
       {"start_tls", text_or_null(result.target.start_tls)},
       {"status", result.status},
       {"detail", text_or_null(std::move(detail))},
       {"protocols", text_or_null(protocols_in(findings, State::kOffered))},
       {"unknown_protocols",
        result.is_met() ? text_or_null(protocols_in(findings, State::kUnknown)) : evidence::kNull},
       {"server_preference", when_ok(server_preference(findings))},
       {"groups", text_or_null(names_of(findings.groups, group_name))},
       {"groups_tls12", text_or_null(names_of(findings.groups_tls12, group_name))},
       {"dh_bits", number_or_null(dh_bits(findings))},
       {"signature_algorithms",
        text_or_null(names_of(findings.signatures_tls13, signature_scheme_name))},
       {"signature_algorithms_tls12",
        text_or_null(names_of(findings.signatures, signature_scheme_name))},
       {"compression", when_ok(findings.compression)},
       {"secure_renegotiation", when_ok(findings.renegotiation_info)},
       {"extended_master_secret", when_ok(findings.extended_master_secret)},
       {"encrypt_then_mac", when_ok(findings.encrypt_then_mac)},
       {"session_tickets", when_ok(findings.session_tickets)},
       {"session_ids", when_ok(findings.session_ids)},
       {"fallback_scsv", when_ok(findings.fallback_scsv)},
       {"heartbeat", when_ok(findings.heartbeat)},
       {"alpn", text_or_null(printable(findings.application_protocols))},
       {"ocsp_stapling", when_ok(findings.stapling)},
       {"client_certificate", when_ok(findings.requests_certificate)}});
}

}  // namespace assay::agent::tls
