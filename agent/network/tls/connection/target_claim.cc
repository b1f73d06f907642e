#include "agent/network/tls/connection/target_claim.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

namespace assay::agent::tls {

bool TargetClaim::take(const std::string& address, std::uint16_t port, std::string_view transport) {
  const auto name =
      "assay-scanner/" + std::string(transport) + "/" + address + "/" + std::to_string(port);
  sockaddr_un place{};
  place.sun_family = AF_UNIX;
  if (name.size() + 1 > sizeof place.sun_path) return true;
  std::memcpy(place.sun_path + 1, name.data(), name.size());
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket.is_open()) return true;
  if (::bind(socket.number(), reinterpret_cast<const sockaddr*>(&place), length) != 0)
    return errno != EADDRINUSE;
  socket_ = std::move(socket);
  return true;
}

}  // namespace assay::agent::tls
