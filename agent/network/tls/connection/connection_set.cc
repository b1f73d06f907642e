#include "agent/network/tls/connection/connection_set.h"

#include <sys/epoll.h>

#include <cerrno>

namespace assay::agent::tls {

Status ConnectionSet::open() {
  epoll_ = FileDescriptor(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll_.is_open()) return fail(system_error(errno, "epoll"));
  return {};
}

void ConnectionSet::watch(Connection& connection, Need* watched, void* tag) {
  if (connection.descriptor() < 0 || connection.needs() == *watched) return;
  if (connection.needs() == Need::kNothing) return;  // closing it takes it out of the set
  epoll_event event{};
  event.events = connection.needs() == Need::kWrite ? EPOLLOUT : EPOLLIN;
  event.data.ptr = tag;
  const int what = *watched == Need::kNothing ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
  *watched = connection.needs();
  if (::epoll_ctl(epoll_.number(), what, connection.descriptor(), &event) != 0)
    connection.time_out();  // it will never be heard of
}

Result<std::size_t> ConnectionSet::wait_for(Connection::Time until, Tags* tags) {
  using std::chrono::milliseconds;
  const auto now = std::chrono::steady_clock::now();
  const auto left =
      until <= now ? milliseconds(0)
                   : std::min(std::chrono::ceil<milliseconds>(until - now), milliseconds(1'000));
  std::array<epoll_event, std::tuple_size_v<Tags>> events{};
  const int count = ::epoll_wait(epoll_.number(), events.data(), static_cast<int>(events.size()),
                                 static_cast<int>(left.count()));
  if (count < 0 && errno != EINTR) return fail(system_error(errno, "epoll"));
  const auto ready = count < 0 ? std::size_t{0} : static_cast<std::size_t>(count);
  for (std::size_t i = 0; i < ready; ++i) (*tags)[i] = events[i].data.ptr;
  return ready;
}

}  // namespace assay::agent::tls
