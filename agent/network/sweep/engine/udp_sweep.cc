#include "agent/network/sweep/engine/udp_sweep.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <list>
#include <thread>

#include "agent/host/file_descriptor.h"
#include "agent/network/sweep/engine/icmp_error.h"
#include "agent/network/sweep/engine/pacer.h"
#include "agent/network/sweep/wire/udp_probe.h"

namespace assay::agent::sweep {

namespace {

using std::chrono::milliseconds;
using Clock = Pacer::Clock;

constexpr std::size_t kMostInFlight = 128;
constexpr int kTriesForAPort = 20;

struct Patience {
  int questions;
  milliseconds between;
};
constexpr Patience kOwnPatience{2, milliseconds(150)};
constexpr Patience kPatience{3, milliseconds(700)};

// TFTP answers from another port than the one that was asked (RFC 1350 §4).
bool answers_from_elsewhere(std::uint16_t port) {
  return port == 69;
}

// Bound to the address that packets to the target bear. Connected where it can be: then the kernel
// hands over answers of this address and port only. A port of ours that is the one asked would hear
// its own question as an answer.
FileDescriptor asking_socket(const TargetResult& target, std::uint16_t port, int* number) {
  const auto ours = endpoint_of(*target.source, 0);
  const auto endpoint = endpoint_of(target.address, port);
  for (int tries = 0; tries < kTriesForAPort; ++tries) {
    FileDescriptor socket(::socket(target.address.is_v4() ? AF_INET : AF_INET6,
                                   SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    *number = errno;
    if (!socket.is_open()) return socket;
    keep_errors(socket.number(), target.address.is_v4());
    const bool is_ready = ::bind(socket.number(), ours.get(), ours.size) == 0 &&
                          (answers_from_elsewhere(port) ||
                           ::connect(socket.number(), endpoint.get(), endpoint.size) == 0);
    *number = errno;
    if (!is_ready) return {};
    const auto name = name_of_socket(socket.number());
    if (name && name->port != port) return socket;
  }
  *number = EADDRINUSE;
  return {};
}

class Run {
 public:
  Run(const SweepPart& part, const SweepOptions& options)
      : options_(options),
        patience_(part.role == Role::kOwn ? kOwnPatience : kPatience),
        pacer_(options.packets_per_second),
        ports_(all_ports(part.ports.udp)),
        results_(results_for(part, SweepMethod::kUdp)) {}

  Result<std::vector<TargetResult>> sweep() {
    epoll_ = FileDescriptor(::epoll_create1(EPOLL_CLOEXEC));
    if (!epoll_.is_open()) return fail(system_error(errno, "epoll"));
    for (const auto port : ports_)
      for (auto& result : results_) {
        if (!result.source) continue;
        while (waiting_.size() >= kMostInFlight && !options_.is_stopped()) look(milliseconds(10));
        if (options_.is_stopped()) return finished();
        begin(&result, port);
      }
    while (!waiting_.empty() && !options_.is_stopped()) look(milliseconds(20));
    return finished();
  }

 private:
  struct Pending {
    FileDescriptor socket;
    TargetResult* result = nullptr;
    std::uint16_t port = 0;
    int questions = 0;
    Clock::time_point began;
    Clock::time_point next;
  };

  void begin(TargetResult* result, std::uint16_t port) {
    int number = 0;
    auto socket = asking_socket(*result, port, &number);
    if (!socket.is_open()) return refuse(result, port, number);
    waiting_.push_back({std::move(socket), result, port, 0, Clock::now(), {}});
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &waiting_.back();
    if (::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, waiting_.back().socket.number(), &event) != 0) {
      refuse(result, port, errno);
      waiting_.pop_back();
      return;
    }
    if (!ask(&waiting_.back())) waiting_.pop_back();
  }

  static void refuse(TargetResult* result, std::uint16_t port, int number) {
    result->settle(port, PortState::kUnsent, {});
    result->add_note(unsent_note(number));
  }

  // False when this machine does not let the question out; it is settled then.
  bool ask(Pending* one) {
    while (pacer_.take(1) == 0 && !options_.is_stopped())
      std::this_thread::sleep_for(pacer_.wait());
    const auto question = udp_question(one->port);
    one->next = Clock::now() + patience_.between;
    ++one->questions;
    // An error here may be that of the question before: it stands in the queue of errors, too.
    const auto to = endpoint_of(one->result->address, one->port);
    const bool is_connected = !answers_from_elsewhere(one->port);
    if (::sendto(one->socket.number(), question.data(), question.size(), MSG_NOSIGNAL,
                 is_connected ? nullptr : to.get(), is_connected ? 0 : to.size) >= 0 ||
        one->questions > 1 || errno == ECONNREFUSED || errno == EAGAIN)
      return true;
    refuse(one->result, one->port, errno);
    return false;
  }

  void look(milliseconds time) {
    std::array<epoll_event, 64> events;
    const int count =
        ::epoll_wait(epoll_.number(), events.data(), events.size(), static_cast<int>(time.count()));
    for (int at = 0; at < count; ++at) {
      auto* one = static_cast<Pending*>(events[static_cast<std::size_t>(at)].data.ptr);
      if (const auto state = state_of(*one); state != PortState::kWaiting) settle(one, state);
    }
    const auto now = Clock::now();
    for (auto at = waiting_.begin(); at != waiting_.end();) {
      auto* one = &*at++;
      if (now < one->next) continue;
      if (one->questions == patience_.questions)
        settle(one, PortState::kWaiting);
      else if (!ask(one))
        remove(one);
    }
  }

  static PortState state_of(const Pending& one) {
    char byte = 0;
    const int socket = one.socket.number();
    Endpoint from;
    from.size = sizeof from.room;
    if (::recvfrom(socket, &byte, 1, MSG_DONTWAIT, from.get(), &from.size) >= 0)
      return facts_of(from).address == one.result->address ? PortState::kOpen : PortState::kWaiting;
    const bool is_refused = errno == ECONNREFUSED;
    if (const auto error = error_of_others(socket, *one.result->source))
      return error->is_of_port ? PortState::kClosed : PortState::kRejected;
    return is_refused ? PortState::kClosed : PortState::kWaiting;
  }

  void settle(Pending* one, PortState state) {
    const auto took = std::chrono::duration_cast<milliseconds>(Clock::now() - one->began).count();
    one->result->settle(one->port, state, static_cast<std::uint32_t>(took));
    remove(one);
  }

  void remove(const Pending* one) {
    waiting_.remove_if([one](const Pending& other) { return &other == one; });
  }

  std::vector<TargetResult> finished() {
    // Stopped early: those that were still waited for are no silent ports, and count as not asked.
    finish(results_, options_.is_stopped());
    return std::move(results_);
  }

  SweepOptions options_;
  Patience patience_;
  Pacer pacer_;
  std::vector<std::uint16_t> ports_;
  std::vector<TargetResult> results_;
  FileDescriptor epoll_;
  std::list<Pending> waiting_;
};

}  // namespace

Result<std::vector<TargetResult>> udp_sweep(const SweepPart& part, const SweepOptions& options) {
  if (part.ports.udp.empty()) return std::vector<TargetResult>();
  return Run(part, options).sweep();
}

}  // namespace assay::agent::sweep
