#include "agent/network/tls/connection/conversation.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>

namespace assay::agent::tls {

Result<bool> read_some(int descriptor, std::string& received, std::size_t limit) {
  std::array<char, 16U << 10U> bytes;
  const auto length = ::recv(descriptor, bytes.data(), bytes.size(), 0);
  if (length == 0) return fail(Code::kUnavailable, "the server closed the connection");
  if (length < 0) {
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return false;
    if (errno == ECONNRESET || errno == EPIPE)
      return fail(Code::kUnavailable, "the server reset the connection");
    return fail(system_error(errno, "receiving"));
  }
  received.append(bytes.data(), static_cast<std::size_t>(length));
  if (received.size() > limit) return fail(Code::kTooLarge, "the server sent more than is read");
  return true;
}

Status write_some(int descriptor, std::string& pending) {
  while (!pending.empty()) {
    const auto length = ::send(descriptor, pending.data(), pending.size(), MSG_NOSIGNAL);
    if (length < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN || errno == EWOULDBLOCK) return {};
      if (errno == ECONNRESET || errno == EPIPE)
        return fail(Code::kUnavailable, "the server reset the connection");
      return fail(system_error(errno, "sending"));
    }
    pending.erase(0, static_cast<std::size_t>(length));
  }
  return {};
}

}  // namespace assay::agent::tls
