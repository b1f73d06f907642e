// Asks a time-stamp authority over HTTP (RFC 3161, 3.4). What it answers is the reply's bytes, to
// be checked by evidence/ledger/time_stamp_exchange.h.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>

#include "collector/http/http_post.h"
#include "evidence/result.h"

namespace assay::collector {

// As http_post() fails; kRefused for an HTTP status other than 200.
[[nodiscard]] Result<std::string> ask_authority(const HttpUrl& url, const std::string& query,
                                                const std::stop_token& stop,
                                                std::chrono::milliseconds patience = kHttpPatience);

}  // namespace assay::collector
