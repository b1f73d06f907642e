// How much one host is asked, whichever of its ports: so many connections open at a time, so many
// new ones and datagrams a second. Not for two threads at once.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "agent/network/tls/connection/address.h"
#include "agent/network/tls/connection/rate_limit.h"

namespace assay::agent::tls {

// A host is an address. Loopback is this machine, which pays both sides, and is not bounded here.
class HostLimits {
 public:
  using Time = RateLimit::Time;

  // `at_a_time` at least 1; the rest as in rate_limit.h.
  HostLimits(std::size_t at_a_time, double per_second, double burst)
      : at_a_time_(at_a_time), per_second_(per_second), burst_(burst) {}

  // That of one open connection; the host has it back when this is gone. Not to outlive what gave
  // it.
  struct GiveBack {
    void operator()(std::size_t* open) const { --*open; }
  };
  using Place = std::unique_ptr<std::size_t, GiveBack>;

  // For a new connection; nullopt: not yet. Where it is the rate, next() says when at the earliest.
  [[nodiscard]] std::optional<Place> take(const SocketAddress& address, Time now) {
    if (address.is_loopback()) return Place();
    auto& host = host_of(address);
    if (host.open >= at_a_time_ || !may_begin(host, now)) return std::nullopt;
    ++host.open;
    return Place(&host.open);
  }
  // For a datagram, which the rate alone bounds. False: not yet, see next().
  [[nodiscard]] bool may_send(const SocketAddress& address, Time now) {
    return address.is_loopback() || may_begin(host_of(address), now);
  }
  // Whether so many more may be open.
  [[nodiscard]] bool has_room(const SocketAddress& address, std::size_t more) {
    return address.is_loopback() || host_of(address).open + more <= at_a_time_;
  }
  // Of all that the rate refused since the last forget().
  [[nodiscard]] Time next() const { return next_; }
  void forget() { next_ = Time::max(); }

 private:
  struct Host {
    RateLimit rate;
    std::size_t open = 0;
  };

  Host& host_of(const SocketAddress& address) {
    return hosts_.try_emplace(address.text(), Host{{per_second_, burst_}}).first->second;
  }
  bool may_begin(Host& host, Time now) {
    if (host.rate.take(now)) return true;
    next_ = std::min(next_, host.rate.next(now));
    return false;
  }

  std::size_t at_a_time_;
  double per_second_;
  double burst_;
  std::map<std::string, Host> hosts_;  // by address
  Time next_ = Time::max();
};

}  // namespace assay::agent::tls
