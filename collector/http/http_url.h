// Where somebody is asked over HTTP: http://HOST[:PORT]/… or https://…
#pragma once

#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::collector {

struct HttpUrl {
  bool is_https = false;
  std::string host;       // to be looked up: a name, or an address without brackets
  std::string port;       // a number
  std::string authority;  // as HTTP's Host names it
  std::string target;     // path and query
  bool operator==(const HttpUrl&) const = default;
};

// kUsage for anything else, also with a user's name or password in it.
[[nodiscard]] Result<HttpUrl> http_url_from(std::string_view text);

}  // namespace assay::collector
