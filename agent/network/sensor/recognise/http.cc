// HTTP/1 (RFC 9112): Basic log-ins (RFC 7617) and bearer tokens (RFC 6750), also for proxies.
#include "agent/network/sensor/recognise/http.h"

#include <algorithm>
#include <array>

#include "agent/network/sensor/recognise/lines.h"
#include "agent/network/sensor/recognise/recogniser.h"

namespace assay::agent::sensor {
namespace {

constexpr std::array<std::string_view, 10> kMethods = {
    "GET ",     "POST ",  "HEAD ",     "PUT ",     "DELETE ",
    "OPTIONS ", "PATCH ", "PROPFIND ", "CONNECT ", "REPORT "};

bool may_begin_method(std::string_view text) {
  return std::ranges::any_of(kMethods, [&](std::string_view method) {
    return text.substr(0, method.size()) == method.substr(0, text.size());
  });
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

Secret secret_of(std::string_view value) {
  if (begins_with_word(value, "Basic")) return Secret::kPassword;
  if (begins_with_word(value, "Bearer")) return Secret::kToken;
  return Secret::kNone;
}

// Host: example.org:8080, [2001:db8::1]:80
std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(1, std::min(host.find(']'), host.size()) - 1);
  return host.substr(0, host.find(':'));
}

}  // namespace

bool begins_http_request(Bytes payload) {
  const auto text = text_of(payload.first(std::min<std::size_t>(payload.size(), 16)));
  return std::ranges::any_of(kMethods,
                             [&](std::string_view method) { return text.starts_with(method); });
}

void read_http_field(std::string_view line, Recognised* found) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const auto field = line.substr(0, colon);
  const auto value = trimmed(line.substr(colon + 1));
  if (is_same_word(field, "Authorization") || is_same_word(field, "Proxy-Authorization"))
    found->secret = std::max(found->secret, secret_of(value), [](Secret a, Secret b) {
      return a == Secret::kNone || (a == Secret::kToken && b == Secret::kPassword);
    });
  if (is_same_word(field, "Host")) {
    const auto host = without_port(value);
    if (host.size() <= kMaxName) found->name = host;
  }
}

std::optional<std::size_t> read_http_request(std::string_view text, Recognised* found) {
  Lines lines(text);
  auto line = lines.next();
  if (!line) return std::nullopt;
  while ((line = lines.next()) && !line->empty()) read_http_field(*line, found);
  if (!line) return std::nullopt;
  return lines.offset();
}

Verdict look_for_http(const Exchange& exchange, Recognised* found) {
  const auto said = text_of(exchange.client);
  if (!may_begin_method(said)) return Verdict::kNo;
  Lines lines(said);
  const auto request = lines.next();
  if (!request) return exchange.client.size() > 4096 ? Verdict::kNo : Verdict::kMore;
  if (!request->ends_with(" HTTP/1.1") && !request->ends_with(" HTTP/1.0")) return Verdict::kNo;
  found->is_certain = true;
  return read_http_request(said, found) ? Verdict::kYes : Verdict::kMore;
}

}  // namespace assay::agent::sensor
