// Whether a program on this machine would trust a chain for a host.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/certificates/certificate_reader.h"

namespace assay::agent::tls {

struct ChainJudgement {
  std::optional<bool> is_trusted;    // by this machine's authorities, now; nullopt: it has none
  std::string problem;               // in OpenSSL's words; empty when it is trusted
  std::optional<bool> matches_host;  // RFC 9525: by the alternative names; nullopt: unreadable
};

// `chain`: the server's certificate first, nullptr where one cannot be read; hostile. `host`: a
// name or an address. Revocation is not asked for.
[[nodiscard]] ChainJudgement judge_chain(const std::vector<ParsedCertificate>& chain,
                                         const std::string& host);

}  // namespace assay::agent::tls
