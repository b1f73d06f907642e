#include "agent/settings/network_settings.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace assay::agent {

namespace {

constexpr std::size_t kMaxName = 253;  // RFC 1035 2.3.4

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kMaxName && text.front() != '-' &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '.' || c == '_';
         });
}

bool is_ipv6(const std::string& text) {
  in6_addr address{};
  return ::inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

}  // namespace

std::span<const std::string_view> network_protocols() {
  static constexpr std::array<std::string_view, 9> kProtocols{
      "auto", "smtp", "imap", "pop3", "ftp", "ldap", "postgresql", "mysql", "rdp"};
  return kProtocols;
}

Result<NetworkTarget> network_target_from(std::string_view text) {
  const auto wrong = [text](std::string_view what) {
    return fail(Code::kConfiguration,
                "\"" + std::string(text.substr(0, 300)) + "\": " + std::string(what));
  };
  NetworkTarget target;
  auto place = text;
  if (const auto blank = text.find(' '); blank != std::string_view::npos) {
    target.protocol = text.substr(blank + 1);
    place = text.substr(0, blank);
    if (std::ranges::find(network_protocols(), target.protocol) == network_protocols().end()) {
      std::string known;
      for (const auto name : network_protocols())
        known.append(known.empty() ? "" : ", ").append(name);
      return wrong("no such protocol before TLS; there are " + known);
    }
  }
  const auto colon = place.rfind(':');
  if (colon == std::string_view::npos) return wrong("HOST:PORT is expected here");
  target.host = place.substr(0, colon);
  const auto port = place.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), target.port);
  if (error != std::errc() || end != port.data() + port.size() || target.port == 0)
    return wrong("a port is a number from 1 to 65535");
  if (target.host.starts_with('[') && target.host.ends_with(']')) {
    target.host = target.host.substr(1, target.host.size() - 2);
    if (!is_ipv6(target.host)) return wrong("not an address in the brackets");
  } else if (!is_name(target.host)) {
    return wrong("neither a name nor an address");
  }
  return target;
}

std::string endpoint_text(std::string_view host, std::uint16_t port) {
  const bool is_bracketed = host.find(':') != std::string_view::npos;
  std::string out = is_bracketed ? "[" : "";
  out.append(host).append(is_bracketed ? "]:" : ":").append(std::to_string(port));
  return out;
}

std::string to_text(const NetworkTarget& target) {
  auto out = endpoint_text(target.host, target.port);
  if (target.protocol != "auto") out.append(" ").append(target.protocol);
  return out;
}

Result<NetworkUse> network_use_from(std::string_view word) {
  for (const auto use : {NetworkUse::kAuto, NetworkUse::kOn, NetworkUse::kOff})
    if (word == name_of(use)) return use;
  return fail(Code::kConfiguration,
              "\"" + std::string(word) + "\" is not understood; write auto, on or off");
}

std::string_view name_of(NetworkUse use) {
  switch (use) {
    case NetworkUse::kAuto: return "auto";
    case NetworkUse::kOn: return "on";
    case NetworkUse::kOff: return "off";
  }
  return "off";
}

}  // namespace assay::agent
