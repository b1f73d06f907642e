#include "agent/network/tls/connection/address.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace assay::agent::tls {

Addresses own_addresses() {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owned(list, ::freeifaddrs);
  Addresses out;
  for (const auto* one = list; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr || (one->ifa_flags & IFF_UP) == 0) continue;
    const auto family = one->ifa_addr->sa_family;
    if (family != AF_INET && family != AF_INET6) continue;
    SocketAddress address;
    address.length = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
    std::memcpy(&address.storage, one->ifa_addr, address.length);
    const bool is_link_local =
        family == AF_INET6 &&
        IN6_IS_ADDR_LINKLOCAL(&reinterpret_cast<const sockaddr_in6&>(address.storage).sin6_addr);
    const bool is_met = std::ranges::any_of(
        out, [family](const SocketAddress& known) { return known.storage.ss_family == family; });
    if (!is_met && !is_link_local && !address.is_loopback()) out.push_back(address);
  }
  return out;
}

bool is_address(const std::string& host) {
  in6_addr buffer{};
  const auto without_zone = host.substr(0, host.find('%'));
  return ::inet_pton(AF_INET, host.c_str(), &buffer) == 1 ||
         ::inet_pton(AF_INET6, without_zone.c_str(), &buffer) == 1;
}

std::string SocketAddress::text() const {
  std::string out(NI_MAXHOST, '\0');
  if (::getnameinfo(reinterpret_cast<const sockaddr*>(&storage), length, out.data(),
                    static_cast<socklen_t>(out.size()), nullptr, 0, NI_NUMERICHOST) != 0)
    return "?";
  out.resize(std::strlen(out.c_str()));
  return out;
}

bool SocketAddress::is_same_host_as(const SocketAddress& other) const {
  if (storage.ss_family != other.storage.ss_family) return false;
  if (storage.ss_family == AF_INET)
    return reinterpret_cast<const sockaddr_in&>(storage).sin_addr.s_addr ==
           reinterpret_cast<const sockaddr_in&>(other.storage).sin_addr.s_addr;
  return std::memcmp(&reinterpret_cast<const sockaddr_in6&>(storage).sin6_addr,
                     &reinterpret_cast<const sockaddr_in6&>(other.storage).sin6_addr,
                     sizeof(in6_addr)) == 0;
}

bool SocketAddress::is_loopback() const {
  if (storage.ss_family == AF_INET) {
    const auto& four = reinterpret_cast<const sockaddr_in&>(storage);
    return ntohl(four.sin_addr.s_addr) >> 24U == 127;
  }
  return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6&>(storage).sin6_addr);
}

}  // namespace assay::agent::tls
