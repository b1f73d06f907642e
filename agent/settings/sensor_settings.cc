#include "agent/settings/sensor_settings.h"

#include <arpa/inet.h>
#include <net/if.h>

#include <algorithm>
#include <charconv>

namespace assay::agent {

Status check_interface(const std::string& name) {
  const bool is_name =
      name.size() < IFNAMSIZ && !name.starts_with('-') &&
      std::ranges::all_of(
          name, [](char c) { return c > ' ' && c < '\x7F' && c != '/' && c != ':'; });
  if (!is_name) return fail(Code::kConfiguration, "\"" + name + "\" is no name of an interface");
  return {};
}

Status check_network(const std::string& text) {
  const auto slash = text.find('/');
  const auto address = text.substr(0, slash);
  in6_addr ignored{};
  const bool is_ipv4 = ::inet_pton(AF_INET, address.c_str(), &ignored) == 1;
  const bool is_ipv6 = ::inet_pton(AF_INET6, address.c_str(), &ignored) == 1;
  const int most = is_ipv4 ? 32 : 128;
  int length = most;
  if (slash != std::string::npos) {
    const auto* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data() + slash + 1, end, length);
    if (error != std::errc() || at != end) length = -1;
  }
  if ((!is_ipv4 && !is_ipv6) || length < 0 || length > most)
    return fail(Code::kConfiguration, "\"" + text + "\" is no network; write 203.0.113.0/24");
  return {};
}

}  // namespace assay::agent
