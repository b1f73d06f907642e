#include "agent/network/tls/audit/auditor.h"

#include <algorithm>
#include <list>

#include "agent/network/tls/connection/connection_set.h"
#include "agent/network/tls/connection/host_limits.h"
#include "agent/network/tls/connection/target_claim.h"
#include "agent/network/tls/connection/waiting_endpoints.h"
#include "agent/network/tls/openssl/lean_openssl.h"

namespace assay::agent::tls {

namespace {

using Time = Connection::Time;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

class Auditor {
 public:
  Auditor(std::vector<Target> targets, const AuditLimits& limits)
      : targets_(std::move(targets)),
        limits_(limits),
        results_(targets_.size()),
        hosts_(limits_.connections_per_host, limits_.connections_per_second, limits_.burst) {}

  Result<std::vector<EndpointResult>> run() {
    if (auto opened = connections_.open(); !opened) return fail(opened.error());
    std::vector<Place> places;
    for (const auto& target : targets_) places.push_back({target.host, target.port});
    if (limits_.all.count() > 0) until_ = steady_clock::now() + limits_.all;
    addresses_ = look_up(places, limits_.endpoint / 4);
    for (std::size_t i = 0; i < targets_.size(); ++i)
      if (addresses_[i])
        waiting_.add(addresses_[i]->front(), i);
      else
        results_[i] = {targets_[i], "", "no_address", addresses_[i].error().message(), {}};
    for (;;) {
      begin_audits();
      ask();
      collect();
      if (audits_.empty() && waiting_.is_empty()) return std::move(results_);
      if (auto waited = wait(); !waited) return fail(waited.error());
    }
  }

 private:
  struct Running;
  struct Audit {
    Audit(std::size_t place_in_results, Target target, Addresses addresses,
          const AuditLimits& limits, Time latest)
        : place(place_in_results),
          audit(std::move(target), std::move(addresses), limits, steady_clock::now(), latest) {}
    std::size_t place;
    EndpointAudit audit;
    TargetClaim claim;
    std::list<Running> running;
  };
  struct Running {
    HostLimits::Place place;
    EndpointAudit::Asked asked;
    Audit* audit = nullptr;
    Need watched = Need::kNothing;
  };

  // Begins what may begin. Two names of one endpoint are audited one after the other.
  void begin_audits() {
    if (steady_clock::now() >= until_)
      waiting_.begin([](const SocketAddress&) { return true; },
                     [this](std::size_t place) { return begin_no_more(place); });
    else
      waiting_.begin([this](const SocketAddress& address) { return has_room(address); },
                     [this](std::size_t place) { return begin_audit(place); });
  }

  // Whoever is under way goes before: another begins where there are connections to spare.
  bool has_room(const SocketAddress& address) {
    if (audits_.size() >= limits_.endpoints) return false;
    if (address.is_loopback()) return true;
    std::size_t more = 1;
    for (const auto& audit : audits_) {
      if (!audit.audit.address().is_same_host_as(address)) continue;
      if (audit.audit.is_held()) return false;
      if (audit.running.empty()) ++more;  // it has still to ask
    }
    return hosts_.has_room(address, more);
  }

  bool begin_no_more(std::size_t place) {
    results_[place] = {targets_[place], "", "timed_out", "the time for all endpoints was over", {}};
    return true;
  }

  bool is_under_audit(const SocketAddress& address, std::uint16_t port) {
    return std::ranges::any_of(audits_, [&](const Audit& audit) {
      return targets_[audit.place].port == port && audit.audit.address().is_same_host_as(address);
    });
  }

  bool begin_audit(std::size_t place) {
    const auto& target = targets_[place];
    const auto& addresses = *addresses_[place];
    if (is_under_audit(addresses.front(), target.port)) return false;
    auto& begun = audits_.emplace_back(place, target, addresses, limits_, until_);
    const auto address = begun.audit.address().text();
    if (begun.claim.take(address, target.port)) return true;
    results_[place] = {
        target, address, "busy", "another audit of this endpoint runs on this machine", {}};
    audits_.pop_back();
    return true;
  }

  // Asks as much as the bounds allow; remembers when a rate limit allows more.
  void ask() {
    const auto now = steady_clock::now();
    hosts_.forget();
    for (auto& audit : audits_) {
      bool is_held = false;
      while (audit.audit.wants_to_ask(now)) {
        auto place = hosts_.take(audit.audit.address(), now);
        is_held = !place;
        if (is_held) break;
        audit.audit.hold(false, now);
        auto asked = audit.audit.ask(now);
        if (!asked) break;
        watch(audit.running.emplace_back(*std::move(place), *std::move(asked), &audit));
      }
      audit.audit.hold(is_held, now);
    }
  }

  void watch(Running& running) {
    connections_.watch(*running.asked.connection, &running.watched, &running);
  }

  // Takes out what is over: connections, then audits.
  void collect() {
    bool has_ended = true;
    while (has_ended) {
      has_ended = false;
      const auto now = steady_clock::now();
      for (auto audit = audits_.begin(); audit != audits_.end();) {
        for (auto running = audit->running.begin(); running != audit->running.end();) {
          auto& connection = *running->asked.connection;
          if (now >= connection.deadline()) connection.time_out();
          if (connection.needs() != Need::kNothing && audit->audit.is_wanted(running->asked)) {
            ++running;
            continue;
          }
          audit->audit.answered(running->asked, now);
          running = audit->running.erase(running);
          has_ended = true;
        }
        if (now >= std::min(audit->audit.deadline(), until_)) audit->audit.time_out();
        if (audit->audit.is_over() && audit->running.empty()) {
          results_[audit->place] = std::move(audit->audit).result();
          audit = audits_.erase(audit);
        } else {
          ++audit;
        }
      }
      begin_audits();
      if (has_ended) ask();
    }
  }

  Status wait() {
    const auto now = steady_clock::now();
    auto until = std::min(hosts_.next(), until_);
    for (const auto& audit : audits_) {
      until = std::min({until, audit.audit.deadline(), audit.audit.next_moment(now)});
      for (const auto& running : audit.running)
        until = std::min(until, running.asked.connection->deadline());
    }
    return connections_.wait(until, [this](void* tag) {
      auto& running = *static_cast<Running*>(tag);
      running.asked.connection->advance();
      watch(running);
    });
  }

  std::vector<Target> targets_;
  AuditLimits limits_;
  std::vector<EndpointResult> results_;
  std::vector<Result<Addresses>> addresses_;
  ConnectionSet connections_;
  HostLimits hosts_;
  std::list<Audit> audits_;
  WaitingEndpoints waiting_;  // places of targets whose audit has not begun
  Time until_ = Time::max();  // of all
};

}  // namespace

Result<std::vector<EndpointResult>> audit(const std::vector<Target>& targets,
                                          const AuditLimits& limits) {
  start_openssl();
  std::vector<Target> different;
  for (const auto& target : targets)
    if (std::ranges::find(different, target) == different.end()) different.push_back(target);
  return Auditor(std::move(different), limits).run();
}

}  // namespace assay::agent::tls
