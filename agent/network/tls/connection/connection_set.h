// The connections that one loop waits for, and how often each host may be connected to. Not for two
// threads at once.
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <string>

#include "agent/network/tls/connection/connection.h"
#include "agent/network/tls/connection/rate_limit.h"
#include "evidence/result.h"

namespace assay::agent::tls {

class ConnectionSet {
 public:
  // kIo: the system does not give one.
  [[nodiscard]] Status open();

  // From now on wait() hears of what the connection needs; `*watched` is what it heard of before.
  // `tag` is handed over with it and must live as long as the connection.
  void watch(Connection& connection, Need* watched, void* tag);

  // Waits until something is ready, or `until`, a second at most. Calls `ready(tag)` for each.
  template <typename Ready>
  Status wait(Connection::Time until, Ready ready) {
    Tags tags;
    const auto count = wait_for(until, &tags);
    if (!count) return fail(count.error());
    for (std::size_t i = 0; i < *count; ++i) ready(tags[i]);
    return {};
  }

 private:
  using Tags = std::array<void*, 128>;
  Result<std::size_t> wait_for(Connection::Time until, Tags* tags);

  FileDescriptor epoll_;
};

// New connections to one host: a bucket for each address. Loopback is this machine, which pays both
// sides, and is not bounded here.
class HostRates {
 public:
  HostRates(double per_second, double burst) : per_second_(per_second), burst_(burst) {}

  // False: not yet; next() says when at the earliest.
  [[nodiscard]] bool may_connect(const SocketAddress& address, Connection::Time now) {
    if (address.is_loopback()) return true;
    auto& rate = rates_.try_emplace(address.text(), per_second_, burst_).first->second;
    if (rate.take(now)) return true;
    next_ = std::min(next_, rate.next(now));
    return false;
  }
  // Of all that were refused since the last forget().
  [[nodiscard]] Connection::Time next() const { return next_; }
  void forget() { next_ = Connection::Time::max(); }

 private:
  double per_second_;
  double burst_;
  std::map<std::string, RateLimit> rates_;  // by address
  Connection::Time next_ = Connection::Time::max();
};

}  // namespace assay::agent::tls
