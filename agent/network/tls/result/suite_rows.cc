#include "agent/network/tls/result/cells.h"
#include "agent/network/tls/result/tls_rows.h"
#include "agent/network/tls/suites/cipher_suite.h"
#include "agent/network/tls/wire/hexadecimal.h"
#include "agent/network/tls/wire/named_group.h"

namespace assay::agent::tls {

namespace {

void add_suite(const EndpointResult& result, Protocol protocol, const SuiteFinding& finding,
               std::int64_t place, evidence::Table& table) {
  const auto* suite =
      protocol == Protocol::kSsl2 ? find_ssl2_suite(finding.code) : find_suite(finding.code);
  if (suite == nullptr) return;  // only what is in the lists is offered
  const auto cipher = facts_of(suite->cipher);
  const auto weakness = weakness_of(*suite);
  const auto* group = finding.group ? find_group(*finding.group) : nullptr;
  const auto& found = result.findings.of(protocol);
  const bool has_order = found.is_order_known && found.server_prefers.value_or(false);
  table.add(
      {{"host", result.target.host},
       {"address", text_or_null(result.address)},
       {"port", std::int64_t{result.target.port}},
       {"start_tls", text_or_null(result.target.start_tls)},
       {"protocol", std::string(name_of(protocol))},
       {"status", std::string("accepted")},
       {"suite", std::string(suite->name)},
       {"code", code_text(suite->code)},
       {"preference", has_order ? evidence::Value(place) : evidence::kNull},
       {"key_exchange", std::string(name_of(suite->key_exchange))},
       {"authentication", std::string(name_of(suite->authentication))},
       {"cipher", std::string(cipher.name)},
       {"bits", cipher.bits},
       {"aead", std::int64_t{cipher.is_authenticated}},
       {"forward_secrecy", std::int64_t{has_forward_secrecy(*suite)}},
       {"key_exchange_group",
        finding.group ? evidence::Value(group_name(*finding.group)) : evidence::kNull},
       {"key_exchange_bits", number_or_null(group != nullptr ? group->bits : finding.bits)},
       {"weakness", weakness ? evidence::Value(std::string(weakness->is_broken ? "broken" : "weak"))
                             : evidence::kNull},
       {"weak_reason", weakness ? evidence::Value(weakness->reason) : evidence::kNull},
       {"weak_basis", weakness ? evidence::Value(weakness->basis) : evidence::kNull},
       {"source", std::string(suite->source)}});
}

// A protocol of which the list is not whole, or that has none, must not look as if it were refused.
void add_gap(const EndpointResult& result, Protocol protocol, std::string status,
             std::string detail, evidence::Table& table) {
  table.add({{"host", result.target.host},
             {"address", text_or_null(result.address)},
             {"port", std::int64_t{result.target.port}},
             {"start_tls", text_or_null(result.target.start_tls)},
             {"protocol", std::string(name_of(protocol))},
             {"status", std::move(status)},
             {"detail", text_or_null(std::move(detail))}});
}

}  // namespace

void add_suites(const EndpointResult& result, evidence::Table& table) {
  if (!result.is_met()) return;
  for (const auto protocol : kAllProtocols) {
    const auto& finding = result.findings.of(protocol);
    std::int64_t place = 0;
    for (const auto& suite : finding.suites) add_suite(result, protocol, suite, ++place, table);
    if (!finding.detail.empty())
      add_gap(result, protocol, "unknown", finding.detail, table);
    else if (finding.state == ProtocolFinding::State::kOffered && finding.suites.empty())
      add_gap(result, protocol, "accepted", "spoken, without a suite that is known", table);
    else if (finding.state == ProtocolFinding::State::kUnknown)
      add_gap(result, protocol, "unknown", "not asked before the audit ended", table);
  }
}

}  // namespace assay::agent::tls
