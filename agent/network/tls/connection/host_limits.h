// How often each host may be connected to. Not for two threads at once.
#pragma once

#include <algorithm>
#include <map>
#include <string>

#include "agent/network/tls/connection/address.h"
#include "agent/network/tls/connection/rate_limit.h"

namespace assay::agent::tls {

// New connections to one host: a bucket for each address. Loopback is this machine, which pays both
// sides, and is not bounded here.
class HostLimits {
 public:
  using Time = RateLimit::Time;

  HostLimits(double per_second, double burst) : per_second_(per_second), burst_(burst) {}

  // False: not yet; next() says when at the earliest.
  [[nodiscard]] bool may_connect(const SocketAddress& address, Time now) {
    if (address.is_loopback()) return true;
    auto& rate = rates_.try_emplace(address.text(), per_second_, burst_).first->second;
    if (rate.take(now)) return true;
    next_ = std::min(next_, rate.next(now));
    return false;
  }
  // Of all that were refused since the last forget().
  [[nodiscard]] Time next() const { return next_; }
  void forget() { next_ = Time::max(); }

 private:
  double per_second_;
  double burst_;
  std::map<std::string, RateLimit> rates_;  // by address
  Time next_ = Time::max();
};

}  // namespace assay::agent::tls
