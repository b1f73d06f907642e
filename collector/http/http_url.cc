#include "collector/http/http_url.h"

#include <boost/url/parse.hpp>
#include <charconv>
#include <cstdint>

#include "evidence/refusal.h"

namespace assay::collector {

namespace {

bool is_port(std::string_view digits) {
  std::uint16_t number = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return parsed.ec == std::errc() && parsed.ptr == digits.data() + digits.size() && number != 0;
}

}  // namespace

Result<HttpUrl> http_url_from(std::string_view text) {
  const auto parsed = boost::urls::parse_uri({text.data(), text.size()});
  const bool is_http = parsed && parsed->scheme_id() == boost::urls::scheme::http;
  const bool is_https = parsed && parsed->scheme_id() == boost::urls::scheme::https;
  if ((!is_http && !is_https) || parsed->encoded_host().empty() || parsed->has_userinfo() ||
      parsed->has_fragment() || (parsed->has_port() && !is_port(parsed->port())))
    return refuse(Code::kUsage,
                  {"an address is http://HOST/… or https://HOST/…, without a password",
                   "網址應為 http://主機/… 或 https://主機/…，且不含帳號密碼"});
  HttpUrl url;
  url.is_https = is_https;
  url.host = std::string(parsed->host_address());
  url.port = parsed->has_port() ? std::string(parsed->port()) : is_https ? "443" : "80";
  const auto host_and_port = parsed->encoded_host_and_port();
  url.authority.assign(host_and_port.data(), host_and_port.size());
  const auto target = parsed->encoded_target();
  url.target.assign(target.data(), target.size());
  if (!url.target.starts_with('/')) url.target.insert(0, "/");
  return url;
}

}  // namespace assay::collector
