#include "agent/network/sweep/engine/connect_sweep.h"

#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <cerrno>
#include <chrono>
#include <deque>

#include "agent/host/file_descriptor.h"
#include "agent/network/sweep/engine/connecting_socket.h"
#include "agent/network/sweep/engine/icmp_error.h"
#include "agent/network/sweep/engine/pacer.h"

namespace assay::agent::sweep {

namespace {

using std::chrono::milliseconds;
using Clock = Pacer::Clock;

// This machine answers at once. Of others a packet may get lost: the kernel sends the second after
// one second.
constexpr milliseconds kOwnPatience{300};
constexpr milliseconds kPatience{2500};
constexpr std::size_t kMostInFlight = 1000;
constexpr std::size_t kDescriptorsOfOthers = 32;

std::size_t most_in_flight() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur <= 2 * kDescriptorsOfOthers)
    return kDescriptorsOfOthers;
  return std::min<std::size_t>(kMostInFlight, limit.rlim_cur - kDescriptorsOfOthers);
}

class Run {
 public:
  Run(const SweepPart& part, const SweepOptions& options)
      : options_(options),
        is_own_(part.role == Role::kOwn),
        pacer_(options.packets_per_second),
        ports_(all_ports(part.ports.tcp)),
        results_(results_for(part, SweepMethod::kConnect)),
        most_in_flight_(most_in_flight()) {}

  Result<std::vector<TargetResult>> sweep() {
    epoll_ = FileDescriptor(::epoll_create1(EPOLL_CLOEXEC));
    if (!epoll_.is_open()) return fail(system_error(errno, "epoll"));
    // Addresses in the inner loop: no machine gets the whole of the rate.
    for (const auto port : ports_)
      for (auto& result : results_) {
        if (!result.source) continue;
        if (options_.is_stopped()) return finished();
        if (auto asked = ask(&result, port); !asked) return fail(asked.error());
      }
    while (!waiting_.empty() && !options_.is_stopped()) settle_waiting(milliseconds(100));
    return finished();
  }

 private:
  struct Pending {
    ConnectingSocket socket;
    TargetResult* result = nullptr;
    std::uint16_t port = 0;
    Clock::time_point began;
    bool is_settled = false;
  };

  Status ask(TargetResult* result, std::uint16_t port) {
    while (pacer_.take(1) == 0 && !options_.is_stopped()) settle_waiting(pacer_.wait());
    while (in_flight_ >= most_in_flight_ && !options_.is_stopped())
      settle_waiting(milliseconds(10));
    auto socket = idle_socket(result->address.is_v4());
    if (!socket) return fail(socket.error());
    const auto began = is_own_ ? Clock::time_point() : Clock::now();
    const int number = socket->connect(result->address, port);
    if (number == EINPROGRESS) {
      wait_for(*std::move(socket), result, port);
      return {};
    }
    settle(&*socket, result, port, number, began);
    return {};
  }

  // A refused socket can ask again, from the same port of ours.
  Result<ConnectingSocket> idle_socket(bool is_v4) {
    auto& idle = is_v4 ? idle_v4_ : idle_v6_;
    if (!idle.empty()) {
      auto socket = std::move(idle.back());
      idle.pop_back();
      return socket;
    }
    return ConnectingSocket::make(is_v4);
  }

  void wait_for(ConnectingSocket socket, TargetResult* result, std::uint16_t port) {
    waiting_.push_back({std::move(socket), result, port, Clock::now()});
    ++in_flight_;
    epoll_event event{};
    event.events = EPOLLOUT | EPOLLONESHOT;
    event.data.ptr = &waiting_.back();  // a deque does not move what stays in it
    if (::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, waiting_.back().socket.number(), &event) != 0) {
      waiting_.back().is_settled = true;
      --in_flight_;
      settle(nullptr, result, port, errno, {});
    }
  }

  void settle_waiting(milliseconds time) {
    std::array<epoll_event, 64> events;
    const int count =
        ::epoll_wait(epoll_.number(), events.data(), events.size(), static_cast<int>(time.count()));
    for (int at = 0; at < count; ++at) {
      auto& one = *static_cast<Pending*>(events[static_cast<std::size_t>(at)].data.ptr);
      if (one.is_settled) continue;
      const int number = one.socket.outcome();
      if (number == EINPROGRESS && !is_rejected(&one)) continue;
      (void)::epoll_ctl(epoll_.number(), EPOLL_CTL_DEL, one.socket.number(), nullptr);  // was added
      one.is_settled = true;
      --in_flight_;
      if (number == EINPROGRESS)
        one.result->settle(one.port, PortState::kRejected, {});
      else
        settle(&one.socket, one.result, one.port, number, one.began);
    }
    drop_late();
  }

  // The kernel hands an ICMP error over and goes on trying. Without one of others: wait on.
  bool is_rejected(Pending* one) {
    if (error_of_others(one->socket.number(), *one->result->source)) return true;
    epoll_event event{};
    event.events = EPOLLOUT | EPOLLONESHOT;
    event.data.ptr = one;
    (void)::epoll_ctl(epoll_.number(), EPOLL_CTL_MOD, one->socket.number(), &event);  // was added
    return false;
  }

  // In the order in which they were asked, which is that of their deadlines.
  void drop_late() {
    const auto late = Clock::now() - (is_own_ ? kOwnPatience : kPatience);
    while (!waiting_.empty() && (waiting_.front().is_settled || waiting_.front().began < late)) {
      auto& one = waiting_.front();
      if (!one.is_settled) {
        --in_flight_;
        one.result->settle(one.port, PortState::kWaiting, {});
      }
      waiting_.pop_front();
    }
  }

  void settle(ConnectingSocket* socket, TargetResult* result, std::uint16_t port, int number,
              Clock::time_point began) {
    const auto took = [&] {
      return began == Clock::time_point()
                 ? 0U
                 : static_cast<std::uint32_t>(
                       std::chrono::duration_cast<milliseconds>(Clock::now() - began).count());
    };
    switch (number) {
      case 0:
        result->settle(port, socket->is_own_work() ? PortState::kClosed : PortState::kOpen, took());
        socket->reset();
        return;
      case ECONNREFUSED:
        // A packet filter may say the same by ICMP. Of this machine it is not asked for, to be
        // fast.
        if (!is_own_ && error_of_others(socket->number(), *result->source))
          return result->settle(port, PortState::kRejected, {});
        result->settle(port, PortState::kClosed, {});
        keep(std::move(*socket), result->address.is_v4());
        return;
      case ETIMEDOUT: result->settle(port, PortState::kWaiting, {}); return;
      case EHOSTUNREACH:  // by somebody's word, or nobody has the address
      case ENETUNREACH:
      case EACCES:
      case ENOPROTOOPT:
      case EHOSTDOWN:
        if (socket != nullptr && error_of_others(socket->number(), *result->source))
          return result->settle(port, PortState::kRejected, {});
        if (number == EACCES) break;  // this machine's own rules
        return result->settle(port, PortState::kWaiting, {});
      default: break;
    }
    result->settle(port, PortState::kUnsent, {});
    result->add_note(unsent_note(number));
  }

  void keep(ConnectingSocket socket, bool is_v4) {
    (is_v4 ? idle_v4_ : idle_v6_).push_back(std::move(socket));
  }

  std::vector<TargetResult> finished() {
    for (const auto& one : waiting_)
      if (!one.is_settled) one.result->settle(one.port, PortState::kWaiting, {});
    finish(results_, options_.is_stopped());
    return std::move(results_);
  }

  SweepOptions options_;
  bool is_own_;
  Pacer pacer_;
  std::vector<std::uint16_t> ports_;
  std::vector<TargetResult> results_;
  std::size_t most_in_flight_;
  FileDescriptor epoll_;
  std::vector<ConnectingSocket> idle_v4_;
  std::vector<ConnectingSocket> idle_v6_;
  std::deque<Pending> waiting_;
  std::size_t in_flight_ = 0;
};

}  // namespace

Result<std::vector<TargetResult>> connect_sweep(const SweepPart& part,
                                                const SweepOptions& options) {
  if (part.ports.tcp.empty()) return std::vector<TargetResult>();
  return Run(part, options).sweep();
}

}  // namespace assay::agent::sweep
