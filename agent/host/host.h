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

#include "agent/host/file_status.h"
#include "agent/host/packet_filter.h"
#include "agent/host/routing.h"
#include "agent/host/tree_visitor.h"
#include "agent/host/vendor_tool.h"
#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::agent {

struct Socket {
  std::uint8_t protocol = 0;  // IPPROTO_TCP 6, IPPROTO_UDP 17
  std::uint8_t family = 0;    // AF_INET 2, AF_INET6 10
  std::string address;        // numeric
  std::uint16_t port = 0;
  std::uint32_t uid = 0;
  std::uint64_t inode = 0;
  bool is_v6_only = false;  // else an IPv6 socket on "::" takes IPv4 too
  std::string interface;    // that it is bound to; empty: all
  bool operator==(const Socket&) const = default;
};

// Who holds a socket open. One of possibly many: the lowest pid.
struct SocketOwner {
  std::uint64_t inode = 0;
  std::int64_t pid = 0;
  bool operator==(const SocketOwner&) const = default;
};

// A program that runs. Threads of the kernel, and what ended and waits for its parent, are none.
struct Process {
  std::int64_t pid = 0;
  std::string name;         // as the kernel has it, at most 15 bytes
  std::string path;         // of the executable; empty when it is not ours to look at
  bool is_deleted = false;  // the file at `path` was replaced or removed since it started
  std::uint32_t uid = 0;    // effective
  bool operator==(const Process&) const = default;
};

struct InterfaceAddress {
  std::string interface;
  std::string address;
  std::string mask;
  std::string broadcast;       // empty when there is none
  std::string point_to_point;  // empty when there is none
  bool operator==(const InterfaceAddress&) const = default;
};

// The kernel's clock, as whoever disciplines it has left it.
struct ClockState {
  bool is_synchronised = false;
  std::int64_t offset_us = 0;           // still to be made up for
  std::int64_t estimated_error_us = 0;  // as the disciplining program has it
  std::int64_t maximum_error_us = 0;
  std::int64_t frequency_ppb = 0;  // correction of its rate
  bool operator==(const ClockState&) const = default;
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
  [[nodiscard]] Result<std::string> read_start(std::string_view path, std::size_t bytes) {
    return read_range(path, 0, bytes);
  }
  // Names without "." and "..", sorted bytewise. kTooLarge above `max_entries`.
  [[nodiscard]] virtual Result<std::vector<std::string>> list_directory(
      std::string_view path, std::size_t max_entries) = 0;
  // At most `bytes` bytes from `offset` on; empty behind the end. Fails as read_file() does.
  [[nodiscard]] virtual Result<std::string> read_range(std::string_view path, std::uint64_t offset,
                                                       std::size_t bytes);
  // Of the whole content. A file that has not changed since its digest was last asked for need
  // not be read again. kTooLarge above `max_bytes`.
  [[nodiscard]] virtual Result<evidence::Digest> sha256_of(std::string_view path,
                                                           std::uint64_t max_bytes);
  // Of the file itself (a symbolic link is not followed when it is the last component).
  [[nodiscard]] virtual Result<FileStatus> status(std::string_view path) = 0;
  // The text of a symbolic link, not resolved.
  [[nodiscard]] virtual Result<std::string> read_link(std::string_view path) = 0;

  // Shows `visitor` every file and folder below "/" that is on a disk of this machine: no network
  // or FUSE mounts, nothing that the kernel makes up, no place twice. Folders come before their
  // contents; else there is no order. What vanishes meanwhile is left out. Memory does not grow
  // with the tree. kTimedOut and kTooLarge when a limit is met; then not all has been seen.
  [[nodiscard]] virtual Result<WalkSummary> walk(TreeVisitor& visitor);

  // Needs a running machine; kNotSupported otherwise.
  // All programs that run, sorted by pid; the same answer to all who ask during one scan.
  [[nodiscard]] virtual Result<std::vector<Process>> processes();
  // What a vendor's own tool prints; for what no file tells. The tool is started directly, never
  // by a shell, with the fixed arguments of the list in vendor_tool.h, without environment, and
  // is ended at its time limit. kNotFound when it is not installed.
  [[nodiscard]] virtual Result<std::string> run(const VendorTool& tool);
  // TCP sockets that listen and UDP sockets without a peer, all addresses of this network
  // namespace.
  [[nodiscard]] virtual Result<std::vector<Socket>> listening_sockets() = 0;
  // The owners that could be found among the processes that we may look at, by inode.
  [[nodiscard]] virtual Result<std::vector<SocketOwner>> socket_owners(
      const std::vector<std::uint64_t>& inodes) = 0;
  [[nodiscard]] virtual Result<std::vector<InterfaceAddress>> interface_addresses() = 0;
  [[nodiscard]] virtual Result<std::vector<Route>> routes();
  [[nodiscard]] virtual Result<std::vector<Neighbour>> neighbours();
  // See packet_filter.h. Whoever calls these knows from files that the kernel has these filters:
  // the question would else load a module.
  [[nodiscard]] virtual Result<std::uint32_t> nft_generation();
  [[nodiscard]] virtual Result<NftRuleset> nft_ruleset(Counters counters);
  [[nodiscard]] virtual Result<LegacyTable> legacy_filter_table(std::uint8_t family,
                                                                std::string_view name,
                                                                Counters counters);

  // Asks, and changes nothing.
  [[nodiscard]] virtual Result<ClockState> clock_state();

  // A new scan begins: what is kept for the length of one scan is forgotten.
  virtual void start_scan() {}

  // The host's own clock, UTC.
  [[nodiscard]] virtual evidence::Seconds now() = 0;
};

// Limits that probes share. A probe with another need names its own constant.
inline constexpr std::size_t kMaxConfigBytes = 1U << 20U;
inline constexpr std::size_t kMaxDirectoryEntries = 100'000;

}  // namespace assay::agent
