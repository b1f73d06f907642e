// Endpoints that wait to be begun with, by host: the many of one host stand in no other's way.
#pragma once

#include <algorithm>
#include <list>

#include "agent/network/tls/connection/address.h"

namespace assay::agent::tls {

// Hosts in the order in which they were first met, and so are the endpoints of each.
class WaitingEndpoints {
 public:
  // `place`: what begin() hands over; its meaning is the caller's.
  void add(const SocketAddress& host, std::size_t place) {
    const auto same = [&](const Host& known) { return known.address.is_same_host_as(host); };
    auto at = std::ranges::find_if(hosts_, same);
    if (at == hosts_.end()) at = hosts_.insert(at, {host, {}});
    at->places.push_back(place);
  }
  [[nodiscard]] bool is_empty() const { return hosts_.empty(); }

  // Hands over the places of each host while `has_room(address)`; `begins(place)` is false for one
  // that must wait for something else.
  template <typename HasRoom, typename Begins>
  void begin(const HasRoom& has_room, const Begins& begins) {
    for (auto host = hosts_.begin(); host != hosts_.end();) {
      auto& places = host->places;
      for (auto at = places.begin(); at != places.end() && has_room(host->address);)
        at = begins(*at) ? places.erase(at) : std::next(at);
      host = places.empty() ? hosts_.erase(host) : std::next(host);
    }
  }

 private:
  struct Host {
    SocketAddress address;
    std::list<std::size_t> places;
  };
  std::list<Host> hosts_;
};

}  // namespace assay::agent::tls
