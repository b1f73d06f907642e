#include "agent/network/sweep/engine/connecting_socket.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <bitset>
#include <cerrno>

#include "agent/network/sweep/engine/endpoint.h"
#include "agent/network/sweep/engine/icmp_error.h"

namespace assay::agent::sweep {

namespace {

constexpr int kTries = 20;

// Ports that a socket of ours is bound to. Nobody else listens on them: we could not have them.
std::bitset<65'536>& ports_of_ours() {
  static std::bitset<65'536> ports;
  return ports;
}

FileDescriptor tcp_socket(bool is_v4) {
  FileDescriptor socket(::socket(is_v4 ? AF_INET : AF_INET6,
                                 SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
  const int yes = 1;
  if (socket.is_open() && !is_v4)
    (void)::setsockopt(socket.number(), IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
  if (socket.is_open()) keep_errors(socket.number(), is_v4);
  return socket;
}

Endpoint any_address(bool is_v4, std::uint16_t port) {
  return endpoint_of(is_v4 ? Address{0, sensor::kV4Prefix} : Address{0, 0}, port);
}

// A port that the kernel finds free. It would take it away after the first refusal, since we did
// not name it: hence the number, to be asked for by name.
std::uint16_t free_port(bool is_v4) {
  const auto socket = tcp_socket(is_v4);
  const auto any = any_address(is_v4, 0);
  if (!socket.is_open() || ::bind(socket.number(), any.get(), any.size) != 0) return 0;
  const auto name = name_of_socket(socket.number());
  return name ? name->port : 0;
}

}  // namespace

ConnectingSocket::ConnectingSocket(FileDescriptor socket, std::uint16_t port)
    : socket_(std::move(socket)), port_(port) {
  ports_of_ours().set(port_);
}

ConnectingSocket::ConnectingSocket(ConnectingSocket&& other) noexcept
    : socket_(std::move(other.socket_)),
      port_(std::exchange(other.port_, 0)),
      target_(other.target_),
      target_port_(other.target_port_) {}

ConnectingSocket& ConnectingSocket::operator=(ConnectingSocket&& other) noexcept {
  std::swap(socket_, other.socket_);
  std::swap(port_, other.port_);
  target_ = other.target_;
  target_port_ = other.target_port_;
  return *this;
}

ConnectingSocket::~ConnectingSocket() {
  give_back();
}

void ConnectingSocket::give_back() {
  if (port_ != 0) ports_of_ours().reset(port_);
  port_ = 0;
}

Result<ConnectingSocket> ConnectingSocket::make(bool is_v4) {
  int number = EADDRINUSE;
  for (int tries = 0; tries < kTries; ++tries) {
    auto socket = tcp_socket(is_v4);
    if (!socket.is_open()) return fail(system_error(errno, "a socket"));
    const auto port = free_port(is_v4);
    if (port == 0 || ports_of_ours().test(port)) continue;  // the same of the other kind: not twice
    const auto ours = any_address(is_v4, port);
    if (::bind(socket.number(), ours.get(), ours.size) == 0)
      return ConnectingSocket(std::move(socket), port);
    number = errno;  // somebody was faster
  }
  return fail(system_error(number, "a port of ours"));
}

int ConnectingSocket::connect(const sensor::Address& address, std::uint16_t port) {
  target_ = address;
  target_port_ = port;
  const auto endpoint = endpoint_of(address, port);
  if (::connect(socket_.number(), endpoint.get(), endpoint.size) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  // An answer of this machine is there already: it came in while the call went out.
  return outcome();
}

int ConnectingSocket::outcome() {
  const auto endpoint = endpoint_of(target_, target_port_);
  if (::connect(socket_.number(), endpoint.get(), endpoint.size) == 0 || errno == EISCONN) return 0;
  return errno == EALREADY ? EINPROGRESS : errno;
}

bool ConnectingSocket::is_own_work() const {
  const auto ours = name_of_socket(socket_.number());
  const auto peer = peer_of_socket(socket_.number());
  if (!ours || !peer) return false;
  const bool is_itself = ours->address == peer->address && ours->port == peer->port;
  return is_itself || (ours->address == peer->address && ports_of_ours().test(peer->port));
}

void ConnectingSocket::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  (void)::setsockopt(socket_.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  socket_ = FileDescriptor();
  give_back();
}

}  // namespace assay::agent::sweep
