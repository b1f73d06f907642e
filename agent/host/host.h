// How a probe sees a machine: this interface and nothing else.
//
// Implementations: LiveHost (the running machine, or with a root folder another
// machine's file system), RecordingHost (remembers what was seen, to tell later
// whether it is still so) and FailingHost (tests: chosen calls fail).
// There is no logic about security here; a probe is a function from a Host to a table.
//
// Every call is bounded in bytes or entries, follows no symbolic link out of the
// root, opens nothing but regular files (and what /proc and /sys serve), and
// changes nothing on the machine. A Host is used by one thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::agent {

enum class FileKind { kRegular, kDirectory, kSymlink, kOther };

struct FileStatus {
  FileKind kind = FileKind::kOther;
  std::uint32_t mode = 0;  // permission bits with setuid, setgid, sticky
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::uint64_t size_bytes = 0;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t modified_ns = 0;  // since 1970
  std::int64_t changed_ns = 0;
  bool operator==(const FileStatus&) const = default;
};

struct Socket {
  std::uint8_t protocol = 0;  // IPPROTO_TCP 6, IPPROTO_UDP 17
  std::uint8_t family = 0;    // AF_INET 2, AF_INET6 10
  std::string address;        // numeric
  std::uint16_t port = 0;
  std::uint32_t uid = 0;
  std::uint64_t inode = 0;
  bool operator==(const Socket&) const = default;
};

// Who holds a socket open. One of possibly many: the lowest pid.
struct SocketOwner {
  std::uint64_t inode = 0;
  std::int64_t pid = 0;
  bool operator==(const SocketOwner&) const = default;
};

struct InterfaceAddress {
  std::string interface;
  std::string address;
  std::string mask;
  std::string broadcast;       // empty when there is none
  std::string point_to_point;  // empty when there is none
  bool operator==(const InterfaceAddress&) const = default;
};

class Host {
 public:
  virtual ~Host() = default;

  // False when a file system is read that is not the running machine's (--root).
  [[nodiscard]] virtual bool is_live() const = 0;

  // The whole file. kTooLarge above `max_bytes`; kInvalidData when it is no regular file.
  [[nodiscard]] virtual Result<std::string> read_file(std::string_view path,
                                                      std::size_t max_bytes) = 0;
  // The first `bytes` bytes of the file, or all of a shorter one: for the header of a file
  // that may be large. Fails as read_file() does, but for the size.
  [[nodiscard]] virtual Result<std::string> read_start(std::string_view path, std::size_t bytes);
  // Names without "." and "..", sorted bytewise. kTooLarge above `max_entries`.
  [[nodiscard]] virtual Result<std::vector<std::string>> list_directory(
      std::string_view path, std::size_t max_entries) = 0;
  // Of the file itself (a symbolic link is not followed when it is the last component).
  [[nodiscard]] virtual Result<FileStatus> status(std::string_view path) = 0;
  // The text of a symbolic link, not resolved.
  [[nodiscard]] virtual Result<std::string> read_link(std::string_view path) = 0;

  // Needs a running machine; kNotSupported otherwise.
  // TCP sockets that listen and UDP sockets without a peer, all addresses of this network
  // namespace.
  [[nodiscard]] virtual Result<std::vector<Socket>> listening_sockets() = 0;
  // The owners that could be found among the processes that we may look at, by inode.
  [[nodiscard]] virtual Result<std::vector<SocketOwner>> socket_owners(
      const std::vector<std::uint64_t>& inodes) = 0;
  [[nodiscard]] virtual Result<std::vector<InterfaceAddress>> interface_addresses() = 0;

  // The host's own clock, UTC.
  [[nodiscard]] virtual evidence::Seconds now() = 0;
};

// Limits that probes share. A probe with another need names its own constant.
inline constexpr std::size_t kMaxConfigBytes = 1U << 20U;
inline constexpr std::size_t kMaxDirectoryEntries = 100'000;

}  // namespace assay::agent
