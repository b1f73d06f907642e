#include "agent/network/tls/audit/auditor.h"

#include <openssl/crypto.h>
#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <list>
#include <map>

#include "agent/network/tls/connection/rate_limit.h"
#include "agent/network/tls/connection/target_claim.h"

namespace assay::agent::tls {

namespace {

using Time = Connection::Time;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

class Auditor {
 public:
  Auditor(std::vector<Target> targets, const AuditLimits& limits)
      : targets_(std::move(targets)), limits_(limits), results_(targets_.size()) {}

  Result<std::vector<EndpointResult>> run() {
    epoll_ = FileDescriptor(::epoll_create1(EPOLL_CLOEXEC));
    if (!epoll_.is_open()) return fail(system_error(errno, "epoll"));
    std::vector<Place> places;
    for (const auto& target : targets_) {
      waiting_.push_back(places.size());
      places.push_back({target.host, target.port});
    }
    if (limits_.all.count() > 0) until_ = steady_clock::now() + limits_.all;
    addresses_ = look_up(places, limits_.endpoint / 4);
    for (;;) {
      begin_audits();
      ask();
      collect();
      if (audits_.empty() && waiting_.empty()) return std::move(results_);
      if (auto waited = wait(); !waited) return fail(waited.error());
    }
  }

 private:
  struct Running;
  struct Audit {
    Audit(std::size_t place_in_results, Target target, Addresses addresses,
          const AuditLimits& limits)
        : place(place_in_results),
          audit(std::move(target), std::move(addresses), limits, steady_clock::now()) {}
    std::size_t place;
    EndpointAudit audit;
    TargetClaim claim;
    std::list<Running> running;
  };
  struct Running {
    EndpointAudit::Asked asked;
    Audit* audit = nullptr;
    Need watched = Need::kNothing;
  };

  // Begins what may begin. Two names of one endpoint are audited one after the other.
  void begin_audits() {
    if (steady_clock::now() >= until_) return begin_no_more();
    for (auto at = waiting_.begin(); at != waiting_.end() && audits_.size() < limits_.endpoints;) {
      const auto place = *at;
      const auto& addresses = addresses_[place];
      if (addresses && is_under_audit(addresses->front(), targets_[place].port)) {
        ++at;
        continue;
      }
      at = waiting_.erase(at);
      begin_audit(place);
    }
  }

  void begin_no_more() {
    for (const auto place : waiting_)
      results_[place] = {
          targets_[place], "", "timed_out", "the time for all endpoints was over", {}};
    waiting_.clear();
  }

  bool is_under_audit(const SocketAddress& address, std::uint16_t port) {
    return std::ranges::any_of(audits_, [&](const Audit& audit) {
      return targets_[audit.place].port == port && audit.audit.address().text() == address.text();
    });
  }

  void begin_audit(std::size_t place) {
    const auto& target = targets_[place];
    const auto& addresses = addresses_[place];
    if (!addresses) {
      results_[place] = {target, "", "no_address", addresses.error().message(), {}};
      return;
    }
    auto& begun = audits_.emplace_back(place, target, *addresses, limits_);
    const auto address = begun.audit.address().text();
    if (begun.claim.take(address, target.port)) return;
    results_[place] = {
        target, address, "busy", "another audit of this endpoint runs on this machine", {}};
    audits_.pop_back();
  }

  // Asks as much as the bounds allow; remembers when a rate limit allows more.
  void ask() {
    const auto now = steady_clock::now();
    may_ask_ = Time::max();
    for (auto& audit : audits_)
      while (audit.audit.wants_to_ask() && may_connect(audit.audit.address(), now)) {
        auto asked = audit.audit.ask(now);
        if (!asked) break;
        watch(audit.running.emplace_back(*std::move(asked), &audit));
      }
  }

  bool may_connect(const SocketAddress& address, Time now) {
    if (address.is_loopback()) return true;
    auto& rate = rates_.try_emplace(address.text(), limits_.connections_per_second, limits_.burst)
                     .first->second;
    if (rate.take(now)) return true;
    may_ask_ = std::min(may_ask_, rate.next(now));
    return false;
  }

  void watch(Running& running) {
    const auto& connection = *running.asked.connection;
    if (connection.descriptor() < 0 || connection.needs() == running.watched) return;
    if (connection.needs() == Need::kNothing) return;  // closing it takes it out of the set
    epoll_event event{};
    event.events = connection.needs() == Need::kWrite ? EPOLLOUT : EPOLLIN;
    event.data.ptr = &running;
    const int what = running.watched == Need::kNothing ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    running.watched = connection.needs();
    if (::epoll_ctl(epoll_.number(), what, connection.descriptor(), &event) != 0)
      running.asked.connection->time_out();  // it will never be heard of
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
          if (connection.needs() != Need::kNothing && !audit->audit.is_over()) {
            ++running;
            continue;
          }
          audit->audit.answered(running->asked);
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
    auto until = std::min(may_ask_, until_);
    for (const auto& audit : audits_) {
      until = std::min(until, audit.audit.deadline());
      for (const auto& running : audit.running)
        until = std::min(until, running.asked.connection->deadline());
    }
    const auto now = steady_clock::now();
    const auto left =
        until <= now ? milliseconds(0)
                     : std::min(std::chrono::ceil<milliseconds>(until - now), milliseconds(1'000));
    std::array<epoll_event, 128> events{};
    const int count = ::epoll_wait(epoll_.number(), events.data(), static_cast<int>(events.size()),
                                   static_cast<int>(left.count()));
    if (count < 0 && errno != EINTR) return fail(system_error(errno, "epoll"));
    for (int i = 0; i < count; ++i) {
      auto& running = *static_cast<Running*>(events[static_cast<std::size_t>(i)].data.ptr);
      running.asked.connection->advance();
      watch(running);
    }
    return {};
  }

  std::vector<Target> targets_;
  AuditLimits limits_;
  std::vector<EndpointResult> results_;
  std::vector<Result<Addresses>> addresses_;
  FileDescriptor epoll_;
  std::list<Audit> audits_;
  std::map<std::string, RateLimit> rates_;  // by address
  std::list<std::size_t> waiting_;          // places of targets whose audit has not begun
  Time may_ask_ = Time::max();
  Time until_ = Time::max();  // of all
};

}  // namespace

Result<std::vector<EndpointResult>> audit(const std::vector<Target>& targets,
                                          const AuditLimits& limits) {
  // What this machine's openssl.cnf allows its own programs must not limit what is seen of others.
  (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  std::vector<Target> different;
  for (const auto& target : targets)
    if (std::ranges::find(different, target) == different.end()) different.push_back(target);
  return Auditor(std::move(different), limits).run();
}

}  // namespace assay::agent::tls
