#include "agent/schedule/notify.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "agent/host/file_descriptor.h"

namespace assay::agent {

Status notify_service_manager(std::string_view message) {
  const char* path = std::getenv("NOTIFY_SOCKET");
  if (path == nullptr || *path == '\0') return {};
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::size_t length = std::strlen(path);
  if (length >= sizeof address.sun_path)
    return fail(Code::kConfiguration, "NOTIFY_SOCKET is too long");
  std::memcpy(address.sun_path, path, length);
  if (*path == '@') address.sun_path[0] = '\0';  // an abstract name has no terminating zero
  const FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + length);
  const auto* target = reinterpret_cast<const sockaddr*>(&address);
  if (!socket.is_open() ||
      ::sendto(socket.number(), message.data(), message.size(), MSG_NOSIGNAL, target, size) < 0)
    return fail(system_error(errno, "telling the service manager"));
  return {};
}

}  // namespace assay::agent
