#include "agent/host/live_host.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/timex.h>

#include <cerrno>
#include <climits>

#include "agent/host/netlink.h"
#include "agent/host/processes.h"
#include "agent/host/socket_owners.h"
#include "agent/host/tree_walk.h"
#include "evidence/clock.h"

namespace assay::agent {
namespace {

constexpr std::size_t kFirstReadBytes = 8U << 10U;  // of a file that does not know its size

constexpr std::size_t kHashedPieceBytes = 128U << 10U;

std::unexpected<Error> needs_running_machine(std::string_view what) {
  return fail(Code::kNotSupported,
              std::string(what).append(" needs the running machine, and an image is read"));
}

// Appends to `out` until it holds `want` bytes or the file ends. 0 or an errno.
int read_up_to(int file, std::size_t want, std::string& out) {
  while (out.size() < want) {
    const std::size_t had = out.size();
    ssize_t got = 0;
    out.resize_and_overwrite(want, [&](char* data, std::size_t) {
      got = ::read(file, data + had, want - had);
      return had + (got > 0 ? static_cast<std::size_t>(got) : 0);
    });
    if (got == 0) return 0;
    if (got < 0 && errno != EINTR) return errno;
  }
  return 0;
}

std::string reading(std::string_view path) {
  return std::string("reading ").append(path);
}

}  // namespace

Result<std::string> LiveHost::read_file(std::string_view path, std::size_t max_bytes) {
  const auto too_large = [&] {
    return fail(Code::kTooLarge, reading(path).append(": larger than the limit of ") +
                                     std::to_string(max_bytes) + " bytes");
  };
  struct ::stat status{};
  const auto file = root_.open_regular(path, &status);
  if (!file) return fail(file.error());
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > max_bytes) return too_large();

  // Files of /proc state no size, those of /sys too large a one: only the end of the data counts.
  std::string content;
  std::size_t want = size == 0 ? kFirstReadBytes : size + 1;
  for (;;) {
    const std::size_t bounded = std::min(want, max_bytes + 1);
    if (const int error = read_up_to(file->number(), bounded, content); error != 0)
      return fail(system_error(error, reading(path)));
    if (content.size() > max_bytes) return too_large();
    if (content.size() < bounded) return content;
    want *= 2;
  }
}

Result<std::string> LiveHost::read_range(std::string_view path, std::uint64_t offset,
                                         std::size_t bytes) {
  struct ::stat status{};
  const auto file = root_.open_regular(path, &status);
  if (!file) return fail(file.error());
  if (offset != 0 && ::lseek(file->number(), static_cast<off_t>(offset), SEEK_SET) < 0)
    return fail(system_error(errno, reading(path)));
  std::string content;
  if (const int error = read_up_to(file->number(), bytes, content); error != 0)
    return fail(system_error(error, reading(path)));
  return content;
}

Result<evidence::Digest> LiveHost::sha256_of(std::string_view path, std::uint64_t max_bytes) {
  struct ::stat status{};
  const auto file = root_.open_regular(path, &status);
  if (!file) return fail(file.error());
  const auto seen = to_file_status(status);
  if (seen.size_bytes > max_bytes)
    return fail(Code::kTooLarge, reading(path).append(": larger than the limit of ") +
                                     std::to_string(max_bytes) + " bytes");
  if (digests_ != nullptr)
    if (const auto known = digests_->find(seen)) return *known;
  evidence::Sha256 hash;
  std::string piece;
  std::uint64_t total = 0;
  do {
    piece.clear();
    if (const int error = read_up_to(file->number(), kHashedPieceBytes, piece); error != 0)
      return fail(system_error(error, reading(path)));
    hash.add(piece);
    total += piece.size();
    if (total > max_bytes) return fail(Code::kTooLarge, reading(path).append(": it grows"));
  } while (piece.size() == kHashedPieceBytes);
  const auto digest = hash.finish();
  if (digests_ != nullptr) digests_->add(seen, digest, now());
  return digest;
}

Result<std::vector<std::string>> LiveHost::list_directory(std::string_view path,
                                                          std::size_t max_entries) {
  const auto too_large = [&] {
    return fail(Code::kTooLarge, std::string("listing ").append(path) + ": more than " +
                                     std::to_string(max_entries) + " entries");
  };
  const auto status = root_.status(path, true, "listing");
  if (!status) return fail(status.error());
  const auto seen = to_file_status(*status);
  if (const auto* known = listed_.find(seen)) {
    if (known->size() > max_entries) return too_large();
    return *known;
  }
  auto folder = root_.open_directory(path);
  if (!folder) return fail(std::move(folder.error()));
  const std::unique_ptr<DIR, decltype([](DIR* open) { ::closedir(open); })> stream(
      ::fdopendir(folder->number()));
  if (!stream) return fail(system_error(errno, std::string("listing ").append(path)));
  (void)folder->release();  // closedir() closes it

  std::vector<std::string> names;
  for (;;) {
    errno = 0;
    const ::dirent* entry = ::readdir(stream.get());
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (names.size() == max_entries) return too_large();
    names.emplace_back(name);
  }
  if (errno != 0) return fail(system_error(errno, std::string("listing ").append(path)));
  std::ranges::sort(names);
  listed_.add(seen, names, now());
  return names;
}

Result<FileStatus> LiveHost::status(std::string_view path) {
  const auto status = root_.status(path, false, "looking at");
  if (!status) return fail(status.error());
  return to_file_status(*status);
}

Result<WalkSummary> LiveHost::walk(TreeVisitor& visitor) {
  constexpr std::size_t kMaxMountBytes = 16U << 20U;
  if (!is_live()) return walk_tree(root_, {}, visitor);
  const auto mounts = read_file("/proc/self/mountinfo", kMaxMountBytes);
  if (!mounts) return fail(mounts.error());
  return walk_tree(root_, parse_mount_info(*mounts), visitor);
}

Result<std::string> LiveHost::read_link(std::string_view path) {
  constexpr std::string_view kWhat = "reading the link";
  char target[PATH_MAX];
  ssize_t length = 0;
  if (root_.is_real()) {
    length = ::readlink(std::string(path).c_str(), target, sizeof target);
  } else {
    const auto link = root_.open(path, O_PATH | O_NOFOLLOW, kWhat);
    if (!link) return fail(link.error());
    length = ::readlinkat(link->number(), "", target, sizeof target);
    // Linux says ENOENT here for a file that is no link at all.
    if (length < 0 && errno == ENOENT) errno = EINVAL;
  }
  if (length < 0 && errno == EINVAL)
    return fail(Code::kInvalidData,
                std::string(kWhat).append(" ").append(path).append(": not a symbolic link"));
  if (length < 0) return fail(system_error(errno, std::string(kWhat).append(" ").append(path)));
  return std::string(target, static_cast<std::size_t>(length));
}

Result<std::vector<Process>> LiveHost::processes() {
  if (!is_live()) return needs_running_machine("listing processes");
  if (!processes_) processes_ = list_processes();
  return *processes_;
}

Result<std::string> LiveHost::run(const VendorTool& tool) {
  if (!is_live()) return needs_running_machine("running " + tool.program);
  return run_vendor_tool(tool);
}

Result<std::vector<Socket>> LiveHost::listening_sockets() {
  if (!is_live()) return needs_running_machine("listing sockets");
  return dump_listening_sockets();
}

Result<std::vector<SocketOwner>> LiveHost::socket_owners(const std::vector<std::uint64_t>& inodes) {
  if (!is_live()) return needs_running_machine("finding the owners of sockets");
  if (!owners_ || owners_->first != inodes) {
    auto owners = find_socket_owners(inodes);
    if (!owners) return owners;
    owners_.emplace(inodes, *std::move(owners));
  }
  return owners_->second;
}

Result<std::vector<InterfaceAddress>> LiveHost::interface_addresses() {
  if (!is_live()) return needs_running_machine("listing network addresses");
  return dump_interface_addresses();
}

Result<std::vector<Route>> LiveHost::routes() {
  if (!is_live()) return needs_running_machine("listing routes");
  return dump_routes();
}

Result<std::vector<Neighbour>> LiveHost::neighbours() {
  if (!is_live()) return needs_running_machine("listing neighbours");
  return dump_neighbours();
}

Result<std::uint32_t> LiveHost::nft_generation() {
  if (!is_live()) return needs_running_machine("reading nftables' rules");
  return agent::nft_generation();
}

Result<NftRuleset> LiveHost::nft_ruleset(Counters counters) {
  if (!is_live()) return needs_running_machine("reading nftables' rules");
  if (counters == Counters::kRead) return dump_nft_ruleset(counters);
  const auto generation = agent::nft_generation();
  if (!generation) return fail(generation.error());
  if (!nft_ || nft_->first != *generation) {
    auto ruleset = dump_nft_ruleset(counters);
    if (!ruleset) return ruleset;
    nft_.emplace(*generation, *std::move(ruleset));
  }
  return nft_->second;
}

Result<LegacyTable> LiveHost::legacy_filter_table(std::uint8_t family, std::string_view name,
                                                  Counters counters) {
  if (!is_live()) return needs_running_machine("reading iptables' rules");
  return dump_legacy_table(family, name, counters);
}

Result<ClockState> LiveHost::clock_state() {
  if (!is_live()) return needs_running_machine("asking for the state of the clock");
  struct ::timex state{};  // no mode is set: nothing is changed
  const int answer = ::adjtimex(&state);
  if (answer < 0) return fail(system_error(errno, "asking for the state of the clock"));
  const std::int64_t offset = state.offset;
  return ClockState{.is_synchronised = answer != TIME_ERROR && (state.status & STA_UNSYNC) == 0,
                    .offset_us = (state.status & STA_NANO) != 0 ? offset / 1000 : offset,
                    .estimated_error_us = state.esterror,
                    .maximum_error_us = state.maxerror,
                    .frequency_ppb = static_cast<std::int64_t>(state.freq) * 1000 / 65536};
}

evidence::Seconds LiveHost::now() {
  return evidence::system_now();
}

}  // namespace assay::agent
