#include "agent/network/tls/audit/target.h"

#include <algorithm>
#include <charconv>

#include "agent/network/tls/connection/address.h"
#include "agent/network/tls/starttls/start_tls.h"

namespace assay::agent::tls {

namespace {

constexpr std::size_t kMaxName = 253;  // RFC 1035 2.3.4

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kMaxName && text.front() != '-' &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '.' || c == '_';
         });
}

std::unexpected<Error> wrong(std::string_view text, std::string_view what) {
  return fail(Code::kUsage, std::string(text.substr(0, 300)) + ": " + std::string(what));
}

}  // namespace

Result<Target> target_from(std::string_view text, std::string_view protocol) {
  const bool is_automatic = protocol == "auto";
  Target target{std::string(text), 443, is_automatic ? "" : std::string(protocol), is_automatic};
  if (!target.start_tls.empty() && !start_tls(protocol)) {
    std::string known = "auto";
    for (const auto name : start_tls_protocols()) known.append(", ").append(name);
    return wrong(protocol, "no such protocol before TLS; there are " + known);
  }
  std::string_view port;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return wrong(text, "the bracket is not closed");
    target.host = text.substr(1, end - 1);
    const auto rest = text.substr(end + 1);
    if (!rest.empty() && !rest.starts_with(':')) return wrong(text, "HOST:PORT is needed");
    if (!rest.empty()) port = rest.substr(1);
    if (!rest.empty() && port.empty()) return wrong(text, "the port is missing");
    if (!is_address(target.host)) return wrong(text, "not an address in the brackets");
  } else if (const auto colon = text.find(':');
             colon != std::string_view::npos &&
             text.find(':', colon + 1) == std::string_view::npos) {
    target.host = text.substr(0, colon);
    port = text.substr(colon + 1);
    if (port.empty()) return wrong(text, "the port is missing");
  }
  if (!is_address(target.host) && !is_name(target.host))
    return wrong(text, "neither a name nor an address");
  if (!port.empty()) {
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), target.port);
    if (error != std::errc() || end != port.data() + port.size() || target.port == 0)
      return wrong(text, "a port is a number from 1 to 65535");
  }
  return target;
}

}  // namespace assay::agent::tls
