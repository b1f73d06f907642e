#include "agent/network/services/engine/scanner.h"

#include <netinet/in.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <list>
#include <map>

#include "agent/network/services/engine/datagram_scan.h"
#include "agent/network/tls/connection/connection_set.h"
#include "agent/network/tls/connection/host_limits.h"
#include "agent/network/tls/connection/target_claim.h"
#include "agent/network/tls/connection/waiting_endpoints.h"

namespace assay::agent::services {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using tls::Need;
using Time = Talk::Time;

// The addresses of each host, looked up once each.
class HostAddresses {
 public:
  HostAddresses(const std::vector<Endpoint>& endpoints, milliseconds time_limit) {
    std::vector<tls::Place> places;
    for (const auto& endpoint : endpoints)
      if (places_.try_emplace(endpoint.host, places.size()).second)
        places.push_back({endpoint.host, 0});
    found_ = tls::look_up(places, time_limit);
  }
  [[nodiscard]] Result<tls::Addresses> of(const Endpoint& endpoint) const {
    auto addresses = found_[places_.at(endpoint.host)];
    if (!addresses) return addresses;
    for (auto& address : *addresses) {
      if (address.storage.ss_family == AF_INET)
        reinterpret_cast<sockaddr_in&>(address.storage).sin_port = htons(endpoint.port);
      else
        reinterpret_cast<sockaddr_in6&>(address.storage).sin6_port = htons(endpoint.port);
    }
    return addresses;
  }

 private:
  std::map<std::string, std::size_t> places_;
  std::vector<Result<tls::Addresses>> found_;
};

class Scanner {
 public:
  Scanner(const std::vector<Endpoint>& endpoints, const Options& options, const Limits& limits)
      : endpoints_(endpoints),
        options_(options),
        limits_(limits),
        addresses_(endpoints, limits.endpoint / 4),
        results_(endpoints.size()),
        hosts_(limits.connections_per_host, limits.connections_per_second, limits.burst) {
    if (limits_.all.count() > 0) until_ = steady_clock::now() + limits_.all;
    if (std::ranges::any_of(endpoints, &Endpoint::is_as_neighbour)) own_ = tls::own_addresses();
  }

  Result<std::vector<EndpointResult>> run() {
    if (auto opened = connections_.open(); !opened) return fail(opened.error());
    DatagramScan datagrams(options_, hosts_);
    for (std::size_t i = 0; i < endpoints_.size(); ++i) {
      results_[i].endpoint = endpoints_[i];
      const auto addresses = addresses_.of(endpoints_[i]);
      if (!addresses)
        has_no_address(i, addresses.error());
      else if (endpoints_[i].transport == Transport::kTcp)
        waiting_.add(addresses->front(), i);
      else
        datagrams.add(addresses->front(), &results_[i]);
    }
    while (!waiting_.is_empty() || !scans_.empty()) {
      begin_scans();
      ask();
      if (auto waited = wait(); !waited) return fail(waited.error());
      collect();
    }
    datagrams.run(until_);
    return std::move(results_);
  }

 private:
  struct Running;
  struct Scan {
    Scan(std::size_t place_in_results, const Endpoint& endpoint, tls::Addresses addresses,
         tls::Addresses own, const Options& options, const Limits& limits, Time latest)
        : place(place_in_results),
          scan(endpoint, std::move(addresses), std::move(own), options, limits, steady_clock::now(),
               latest) {}
    std::size_t place;
    EndpointScan scan;
    tls::TargetClaim claim;
    std::list<Running> running;
  };
  struct Running {
    tls::HostLimits::Place place;
    EndpointScan::Attempt attempt;
    Scan* scan = nullptr;
    Need watched = Need::kNothing;
  };

  void has_no_address(std::size_t place, const Error& error) {
    results_[place] = {endpoints_[place], "", "no_address", error.message(), false, {}};
  }

  // Begins what may begin. Two names of one endpoint are asked one after the other.
  void begin_scans() {
    waiting_.begin([this](const tls::SocketAddress& address) { return has_room(address); },
                   [this](std::size_t place) { return begin_scan(place); });
  }

  // Whoever is under way goes before: another begins where there are connections to spare.
  bool has_room(const tls::SocketAddress& address) {
    if (steady_clock::now() >= until_) return true;  // to be told that the time is over
    if (scans_.size() >= limits_.endpoints) return false;
    if (address.is_loopback()) return true;
    std::size_t more = 1;
    for (const auto& scan : scans_) {
      if (!scan.scan.address().is_same_host_as(address)) continue;
      if (scan.scan.is_held()) return false;
      if (scan.running.empty()) ++more;  // it has still to ask
    }
    return hosts_.has_room(address, more);
  }

  [[nodiscard]] bool is_being_asked(const tls::SocketAddress& address, std::uint16_t port) const {
    return std::ranges::any_of(scans_, [&](const Scan& scan) {
      return endpoints_[scan.place].port == port && scan.scan.address().is_same_host_as(address);
    });
  }

  bool begin_scan(std::size_t place) {
    const auto& endpoint = endpoints_[place];
    const auto addresses = *addresses_.of(endpoint);  // else it would not wait
    if (steady_clock::now() >= until_) {
      results_[place] = {endpoint, addresses.front().text(), "timed_out", kTimeIsOver, false, {}};
      return true;
    }
    if (is_being_asked(addresses.front(), endpoint.port)) return false;
    auto& begun = scans_.emplace_back(place, endpoint, addresses, own_, options_, limits_, until_);
    const auto address = begun.scan.address().text();
    if (begun.claim.take(address, endpoint.port)) return true;
    results_[place] = {endpoint, address, "busy", "this endpoint is being asked already",
                       false,    {}};
    scans_.pop_back();
    return true;
  }

  void ask() {
    const auto now = steady_clock::now();
    hosts_.forget();
    for (auto& scan : scans_) {
      bool is_held = false;
      while (scan.scan.wants_to_ask(now)) {
        auto place = hosts_.take(scan.scan.address(), now);
        is_held = !place;
        if (is_held) break;
        scan.scan.hold(false, now);
        auto attempt = scan.scan.ask(now);
        if (!attempt) break;
        watch(scan.running.emplace_back(*std::move(place), *std::move(attempt), &scan));
      }
      scan.scan.hold(is_held, now);
    }
  }

  void watch(Running& running) {
    connections_.watch(*running.attempt.connection, &running.watched, &running);
  }

  // When it must have moved on.
  [[nodiscard]] Time deadline_of(const EndpointScan::Attempt& attempt) const {
    const auto deadline = attempt.connection->deadline();
    return attempt.talk->is_connected() ? deadline
                                        : std::min(deadline, attempt.begun + limits_.connecting);
  }

  void collect() {
    const auto now = steady_clock::now();
    for (auto scan = scans_.begin(); scan != scans_.end();) {
      for (auto running = scan->running.begin(); running != scan->running.end();) {
        auto& attempt = running->attempt;
        const bool is_wanted = scan->scan.is_wanted(attempt) && !scan->scan.is_over();
        if (is_wanted && now >= deadline_of(attempt)) attempt.connection->time_out();
        if (is_wanted && attempt.connection->needs() != Need::kNothing) {
          ++running;
          continue;
        }
        if (is_wanted) scan->scan.answered(attempt, now);
        running = scan->running.erase(running);
      }
      scan->scan.pass(now);
      if (!scan->scan.is_over()) {
        ++scan;
        continue;
      }
      results_[scan->place] = std::move(scan->scan).result();
      scan = scans_.erase(scan);
    }
  }

  Status wait() {
    const auto now = steady_clock::now();
    auto until = hosts_.next();
    for (const auto& scan : scans_) {
      until = std::min(until, scan.scan.next_moment(now));
      for (const auto& running : scan.running) {
        until = std::min(until, deadline_of(running.attempt));
        if (running.attempt.connection->needs() == Need::kNothing) until = Time::min();
      }
    }
    return connections_.wait(until, [this](void* tag) {
      auto& running = *static_cast<Running*>(tag);
      running.attempt.connection->advance();
      running.scan->scan.noticed(running.attempt);
      watch(running);
    });
  }

  const std::vector<Endpoint>& endpoints_;
  Options options_;
  Limits limits_;
  Time until_ = Time::max();  // of all
  tls::Addresses own_;
  HostAddresses addresses_;
  std::vector<EndpointResult> results_;
  tls::ConnectionSet connections_;
  tls::HostLimits hosts_;
  std::list<Scan> scans_;
  tls::WaitingEndpoints waiting_;  // places of endpoints that have not begun
};

}  // namespace

Result<std::vector<EndpointResult>> recognise(const std::vector<Endpoint>& endpoints,
                                              const Options& options, const Limits& limits) {
  // What this machine's openssl.cnf allows its own programs must not limit what is seen of others.
  (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  return Scanner(endpoints, options, limits).run();
}

}  // namespace assay::agent::services
