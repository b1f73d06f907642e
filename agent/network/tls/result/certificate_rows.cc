#include "agent/certificates/certificate_reader.h"
#include "agent/network/tls/certificate/chain_judgement.h"
#include "agent/network/tls/result/cells.h"
#include "agent/network/tls/result/tls_rows.h"
#include "evidence/digest.h"

namespace assay::agent::tls {

namespace {

constexpr std::int64_t kSecondsOfADay = 86'400;

void add_certificate(const EndpointResult& result, std::int64_t chain, std::int64_t position,
                     const std::string& der, const ParsedCertificate& parsed,
                     const ChainJudgement& judgement, evidence::Table& table) {
  const auto facts = read_certificate(parsed);
  const bool is_leaf = position == 0;
  if (!facts) {
    table.add({{"host", result.target.host},
               {"address", text_or_null(result.address)},
               {"port", std::int64_t{result.target.port}},
               {"start_tls", text_or_null(result.target.start_tls)},
               {"chain", chain},
               {"position", position},
               {"status", std::string("unreadable")},
               {"trusted", is_leaf ? flag_or_null(judgement.is_trusted) : evidence::kNull},
               {"trust_problem", is_leaf ? text_or_null(judgement.problem) : evidence::kNull},
               {"sha256", evidence::sha256(der).hex()}});
    return;
  }
  table.add({{"host", result.target.host},
             {"address", text_or_null(result.address)},
             {"port", std::int64_t{result.target.port}},
             {"start_tls", text_or_null(result.target.start_tls)},
             {"chain", chain},
             {"position", position},
             {"status", std::string("ok")},
             {"common_name", text_or_null(facts->common_name)},
             {"subject", text_or_null(facts->subject)},
             {"issuer", text_or_null(facts->issuer)},
             {"subject_alternative_names", text_or_null(facts->alternative_names)},
             {"name_count", static_cast<std::int64_t>(facts->alternative_name_count)},
             {"ca", std::int64_t{facts->is_authority}},
             {"self_signed", std::int64_t{facts->is_self_signed}},
             {"trusted", is_leaf ? flag_or_null(judgement.is_trusted) : evidence::kNull},
             {"trust_problem", is_leaf ? text_or_null(judgement.problem) : evidence::kNull},
             {"host_match", is_leaf ? flag_or_null(judgement.matches_host) : evidence::kNull},
             {"not_valid_before", facts->not_before},
             {"not_valid_after", facts->not_after},
             {"valid_days", (facts->not_after - facts->not_before) / kSecondsOfADay},
             {"signing_algorithm", text_or_null(facts->signing_algorithm)},
             {"key_algorithm", text_or_null(facts->key_algorithm)},
             {"key_bits", number_or_null(facts->key_bits)},
             {"key_usage", text_or_null(facts->key_usage)},
             {"serial", text_or_null(facts->serial)},
             {"sha256", text_or_null(facts->sha256)}});
}

}  // namespace

void add_certificates(const EndpointResult& result, evidence::Table& table) {
  std::int64_t number = 0;
  for (const auto& chain : result.findings.chains) {
    std::vector<ParsedCertificate> parsed;
    for (const auto& der : chain) parsed.push_back(parse_der_certificate(der));
    const auto judgement = judge_chain(parsed, result.target.host);
    ++number;
    for (std::size_t i = 0; i < chain.size(); ++i)
      add_certificate(result, number, static_cast<std::int64_t>(i), chain[i], parsed[i], judgement,
                      table);
  }
}

}  // namespace assay::agent::tls
