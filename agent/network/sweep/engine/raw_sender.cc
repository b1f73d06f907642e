#include "agent/network/sweep/engine/raw_sender.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

namespace assay::agent::sweep {

namespace {

constexpr int kMaxFullQueues = 200;  // each a wait of up to a millisecond

// A socket of IPPROTO_RAW sends whole packets and receives none (raw(7)).
FileDescriptor raw_socket(int family) {
  return FileDescriptor(::socket(family, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_RAW));
}

}  // namespace

Result<RawSender> RawSender::open() {
  auto v4 = raw_socket(AF_INET);
  if (!v4.is_open()) return fail(system_error(errno, "a raw socket"));
  // A kernel without IPv6 has no addresses of it either.
  auto v6 = raw_socket(AF_INET6);
  constexpr int kSendBytes = 4 << 20;
  for (const auto* socket : {&v4, &v6})
    if (socket->is_open())
      (void)::setsockopt(socket->number(), SOL_SOCKET, SO_SNDBUF, &kSendBytes, sizeof kSendBytes);
  return RawSender(std::move(v4), std::move(v6));
}

void RawSender::add(const SynTemplate& syn, std::uint16_t port, std::uint32_t sequence,
                    const Endpoint& to, std::size_t tag) {
  is_v4_ = to.room.sin6_family == AF_INET;
  auto& one = waiting_[count_++];
  one.size = syn.write(port, sequence, &one.bytes);
  one.to = &to;
  one.tag = tag;
}

void RawSender::flush(const Refused& refused) {
  std::array<mmsghdr, kBatch> messages;
  std::array<iovec, kBatch> parts;
  for (std::size_t at = 0; at < count_; ++at) {
    parts[at] = {waiting_[at].bytes.data(), waiting_[at].size};
    // The port of an address is a protocol to a raw socket of IPv6: it must be 0 (endpoint_of).
    messages[at] = {};
    messages[at].msg_hdr.msg_name = const_cast<sockaddr*>(waiting_[at].to->get());
    messages[at].msg_hdr.msg_namelen = waiting_[at].to->size;
    messages[at].msg_hdr.msg_iov = &parts[at];
    messages[at].msg_hdr.msg_iovlen = 1;
  }
  const int socket = is_v4_ ? v4_.number() : v6_.number();
  std::size_t at = 0;
  int full_queues = 0;
  while (at < count_) {
    const int sent = ::sendmmsg(socket, &messages[at], static_cast<unsigned>(count_ - at), 0);
    if (sent > 0) {
      at += static_cast<std::size_t>(sent);
      continue;
    }
    const int number = errno;
    if (number == EINTR) continue;
    if ((number == EAGAIN || number == ENOBUFS) && ++full_queues < kMaxFullQueues) {
      pollfd ready{.fd = socket, .events = POLLOUT, .revents = 0};
      (void)::poll(number == ENOBUFS ? nullptr : &ready, number == ENOBUFS ? 0 : 1, 1);
      continue;
    }
    refused(waiting_[at++].tag, number);
  }
  count_ = 0;
}

}  // namespace assay::agent::sweep
