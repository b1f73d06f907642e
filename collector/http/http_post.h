// Asks a stranger over HTTP. He is not trusted: how long he may take and how much he may say are
// bounded, and he is followed nowhere else.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <string_view>

#include "collector/http/http_url.h"
#include "evidence/result.h"

namespace assay::collector {

inline constexpr std::chrono::seconds kHttpPatience{15};

struct HttpQuestion {
  std::string_view body;
  std::string_view type;    // of the body
  std::string_view accept;  // empty: anything
  std::size_t max_answer_bytes = 0;
};
struct HttpAnswer {
  unsigned status = 0;
  std::string type;  // in lower case, without parameters
  std::string body;
};

// Waits on the caller's thread for `patience` at most, and not when `stop` is asked for. kTimedOut;
// kUnavailable when he cannot be reached, or proves himself (https) by no certificate that this
// system trusts; kTooLarge; kInvalidData for what is not HTTP. Whatever his status, it is an
// answer.
[[nodiscard]] Result<HttpAnswer> http_post(const HttpUrl& url, const HttpQuestion& question,
                                           const std::stop_token& stop,
                                           std::chrono::milliseconds patience = kHttpPatience);

}  // namespace assay::collector
