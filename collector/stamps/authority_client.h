// Asks a time-stamp authority over HTTP (RFC 3161, 3.4). The authority is not trusted: how long it
// may take and how much it may say are bounded, and it is followed nowhere else. What it answers is
// the reply's bytes, to be checked by evidence/ledger/time_stamp_exchange.h.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>

#include "collector/stamps/authority_url.h"
#include "evidence/result.h"

namespace assay::collector {

inline constexpr std::chrono::seconds kAuthorityPatience{15};

// Waits on the caller's thread for `patience` at most, and not when `stop` is asked for. kTimedOut;
// kUnavailable when it cannot be reached, or proves itself (https) by no certificate that this
// system trusts; kRefused for an HTTP status other than 200; kTooLarge; kInvalidData.
[[nodiscard]] Result<std::string> ask_authority(
    const AuthorityUrl& url, const std::string& query, const std::stop_token& stop,
    std::chrono::milliseconds patience = kAuthorityPatience);

}  // namespace assay::collector
