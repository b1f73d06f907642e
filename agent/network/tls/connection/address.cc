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

namespace {

// getaddrinfo_a() works in a thread of the resolver's, which may outlive our patience: what it
// writes to is kept for it.
struct LookUp {
  explicit LookUp(const Place& place) : host(place.host), port(std::to_string(place.port)) {
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG;
    request.ar_name = host.c_str();
    request.ar_service = port.c_str();
    request.ar_request = &hints;
  }
  LookUp(const LookUp&) = delete;
  LookUp& operator=(const LookUp&) = delete;

  std::string host;
  std::string port;
  addrinfo hints{};
  gaicb request{};
};

void wait_for(const std::vector<gaicb*>& requests, std::chrono::milliseconds time_limit) {
  const auto until = std::chrono::steady_clock::now() + time_limit;
  const auto is_pending = [](gaicb* request) { return ::gai_error(request) == EAI_INPROGRESS; };
  while (std::ranges::any_of(requests, is_pending)) {
    const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(
        until - std::chrono::steady_clock::now());
    if (left.count() <= 0) return;
    const timespec wait{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
    std::vector<const gaicb*> waited;
    for (auto* request : requests)
      if (is_pending(request)) waited.push_back(request);
    // Whether one has come is asked for above.
    (void)::gai_suspend(waited.data(), static_cast<int>(waited.size()), &wait);
  }
}

Error look_up_error(const std::string& host, int code) {
  const auto kind = code == EAI_NONAME ? Code::kNotFound : Code::kUnavailable;
  return {kind, "looking up " + host + ": " + ::gai_strerror(code)};
}

Addresses taken_from(const addrinfo* list) {
  constexpr std::size_t kMostAddresses = 8;
  Addresses out;
  for (; list != nullptr && out.size() < kMostAddresses; list = list->ai_next) {
    if (list->ai_family != AF_INET && list->ai_family != AF_INET6) continue;
    if (list->ai_addrlen > sizeof(sockaddr_storage)) continue;
    SocketAddress address;
    std::memcpy(&address.storage, list->ai_addr, list->ai_addrlen);
    address.length = list->ai_addrlen;
    out.push_back(address);
  }
  return out;
}

Result<Addresses> numeric(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  if (const int code = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &list); code != 0)
    return fail(look_up_error(host, code));
  auto out = taken_from(list);
  ::freeaddrinfo(list);
  return out;
}

}  // namespace

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
    const bool is_met = std::ranges::any_of(out, [family](const SocketAddress& known) {
      return known.storage.ss_family == family;
    });
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

bool SocketAddress::is_loopback() const {
  if (storage.ss_family == AF_INET) {
    const auto& four = reinterpret_cast<const sockaddr_in&>(storage);
    return ntohl(four.sin_addr.s_addr) >> 24U == 127;
  }
  return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6&>(storage).sin6_addr);
}

std::vector<Result<Addresses>> look_up(const std::vector<Place>& places,
                                       std::chrono::milliseconds time_limit) {
  std::vector<Result<Addresses>> out;
  std::vector<std::unique_ptr<LookUp>> pending(places.size());
  std::vector<gaicb*> requests;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (is_address(places[i].host)) {
      out.push_back(numeric(places[i].host, std::to_string(places[i].port)));
      continue;
    }
    out.push_back(fail(Code::kTimedOut, "looking up " + places[i].host));
    pending[i] = std::make_unique<LookUp>(places[i]);
    requests.push_back(&pending[i]->request);
  }
  if (requests.empty()) return out;
  const int code =
      ::getaddrinfo_a(GAI_NOWAIT, requests.data(), static_cast<int>(requests.size()), nullptr);
  wait_for(requests, time_limit);
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (!pending[i]) continue;
    const int state = code == 0 ? ::gai_error(&pending[i]->request) : code;
    if (state == EAI_INPROGRESS) {
      // Left to the resolver's thread, if it cannot be called back.
      if (::gai_cancel(&pending[i]->request) != EAI_CANCELED) (void)pending[i].release();
    } else if (state != 0) {
      out[i] = fail(look_up_error(places[i].host, state));
    } else {
      auto addresses = taken_from(pending[i]->request.ar_result);
      ::freeaddrinfo(pending[i]->request.ar_result);
      if (addresses.empty())
        out[i] = fail(Code::kNotFound, places[i].host + " has no address");
      else
        out[i] = std::move(addresses);
    }
  }
  return out;
}

}  // namespace assay::agent::tls
