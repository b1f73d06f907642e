// The answer to a request of HTTP/1.1 (RFC 9112), as far as it has come.
//
// Hostile input: bounded, pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "evidence/result.h"

namespace assay::agent::services {

inline constexpr std::size_t kMaxHttpHead = 64U << 10U;
inline constexpr std::size_t kMaxHttpBody = 64U << 10U;  // that is waited for

struct HttpAnswer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> fields;  // names in lower case
  std::string body;
  bool is_headed = false;  // the head is whole
  bool is_whole = false;   // nothing more is worth waiting for

  // The first field of that name; empty: none.
  [[nodiscard]] std::string_view field(std::string_view name) const;
};

// kInvalidData: not HTTP.
[[nodiscard]] Result<HttpAnswer> parse_http_answer(std::string_view bytes);

}  // namespace assay::agent::services
