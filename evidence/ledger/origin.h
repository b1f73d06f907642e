// The name of a collector's ledger, which is also that of its key: "assay-ledger/" and the SHA-256
// fingerprint of the CA whose hosts it logs, in hexadecimal. So a ledger's public key also says
// which CA its evidence must be signed under.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "evidence/digest.h"

namespace assay::evidence {

inline constexpr std::string_view kLedgerOrigin = "assay-ledger/";

[[nodiscard]] inline std::string ledger_origin(const Digest& ca_fingerprint) {
  return std::string(kLedgerOrigin) + ca_fingerprint.hex();
}

// The CA's fingerprint in such a name; nothing for the name of another log.
[[nodiscard]] inline std::optional<Digest> ca_in_origin(std::string_view origin) {
  if (!origin.starts_with(kLedgerOrigin)) return std::nullopt;
  const auto digest = Digest::from_hex(origin.substr(kLedgerOrigin.size()));
  return digest ? std::optional(*digest) : std::nullopt;
}

}  // namespace assay::evidence
