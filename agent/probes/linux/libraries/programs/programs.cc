#include "agent/probes/linux/libraries/programs/programs.h"

#include <map>
#include <set>

#include "agent/host/mount_table.h"
#include "agent/probes/linux/libraries/programs/own_root.h"
#include "agent/probes/linux/libraries/programs/path_folders.h"
#include "agent/probes/linux/libraries/programs/real_paths.h"

namespace assay::agent {
namespace {

constexpr std::uint32_t kExecutable = 0111;
constexpr std::string_view kAway = "it is on a network or FUSE file system";
constexpr std::size_t kMaxMountInfoBytes = 4U << 20U;

bool is_missing(const Error& error) {
  return error.code() == Code::kNotFound;
}

class Finder {
 public:
  explicit Finder(Host& host) : host_(host), real_paths_(host), own_root_(host) {}

  Result<Programs> find() {
    if (auto read = read_mounts(); !read) return fail(std::move(read.error()));
    if (auto found = find_in_path(); !found) return fail(std::move(found.error()));
    if (auto found = find_running(); !found) return fail(std::move(found.error()));
    Programs programs;
    for (auto& [path, program] : programs_) programs.all.push_back(std::move(program));
    for (auto& [path, place] : unknown_) programs.unknown.push_back(std::move(place));
    return programs;
  }

 private:
  Status read_mounts() {
    if (!host_.is_live()) return {};
    const auto text = host_.read_file("/proc/self/mountinfo", kMaxMountInfoBytes);
    if (!text) return fail(text.error());
    for (auto& mount : parse_mount_info(*text)) {
      const bool is_away = use_of(mount.kind) == MountUse::kAway;
      // What is mounted on "/" is where we live, whatever it is.
      if (is_away && mount.point != "/") away_.push_back(std::move(mount.point));
    }
    return {};
  }

  // Looking at a dead network mount can hang, and what is on it is another machine's.
  bool is_away(std::string_view path) const {
    return std::ranges::any_of(away_, [&](const std::string& point) {
      return path.starts_with(point) && (path.size() == point.size() || path[point.size()] == '/');
    });
  }

  Status find_in_path() {
    const auto folders = path_folders(host_);
    if (!folders) return fail(folders.error());
    std::set<std::string> seen;
    for (const auto& folder : *folders) {
      if (is_away(folder)) {
        add_unknown(folder, kAway);
        continue;
      }
      const auto real = real_paths_.of(folder);
      if (!real) {
        if (!is_missing(real.error())) add_unknown(folder, real.error().message());
        continue;
      }
      if (!seen.insert(*real).second) continue;
      if (auto looked = look_into(*real); !looked) return looked;
    }
    if (seen.empty() && unknown_.empty())
      return fail(Code::kNotFound, "no folder of programs is on this system");
    return {};
  }

  Status look_into(const std::string& folder) {
    if (is_away(folder)) {
      add_unknown(folder, kAway);
      return {};
    }
    const auto folder_status = host_.status(folder);
    if (folder_status && folder_status->kind != FileKind::kDirectory) return {};
    const auto names = host_.list_directory(folder, kMaxDirectoryEntries);
    if (!names) {
      if (!is_missing(names.error())) add_unknown(folder, names.error().message());
      return {};
    }
    for (const auto& name : *names)
      if (auto added = add_from_path(std::string(folder).append("/").append(name)); !added)
        return added;
    return {};
  }

  Status add_from_path(std::string path) {
    auto status = host_.status(path);
    if (status && status->kind == FileKind::kSymlink) {
      auto real = real_paths_.of(path);
      // A link that leads nowhere, or in a circle, starts nothing.
      if (!real || is_away(*real)) return {};
      path = *std::move(real);
      status = host_.status(path);
    }
    if (!status) {
      if (is_missing(status.error())) return {};
      return fail(status.error());
    }
    if (status->kind != FileKind::kRegular || (status->mode & kExecutable) == 0) return {};
    return keep({.path = std::move(path), .status = *status, .in_path = true});
  }

  void add_unknown(const std::string& path, std::string_view why) {
    unknown_.try_emplace(path, UnknownPlace{.path = path, .why = std::string(why)});
  }

  Status find_running() {
    if (!host_.is_live()) return {};
    const auto processes = host_.processes();
    if (!processes) return fail(processes.error());
    for (const auto& process : *processes) {
      if (process.path.empty()) {
        add_hidden(process);
        continue;
      }
      const auto is_ours = own_root_.is_shared_by(process.pid);
      if (!is_ours) {
        if (!is_missing(is_ours.error())) add_hidden(process);  // else it has ended
        continue;
      }
      if (!*is_ours) continue;
      if (auto added = add_running(process); !added) return added;
    }
    return {};
  }

  // One for all of them: their numbers would make each look a change.
  void add_hidden(const Process& process) {
    unknown_.try_emplace(
        {}, UnknownPlace{.path = {},
                         .why = "some processes may not be looked at, the first is " + process.name,
                         .is_running = true});
  }

  Status add_running(const Process& process) {
    Program program{.path = process.path, .is_running = true, .is_replaced = process.is_deleted};
    if (!program.is_replaced) {
      if (is_away(process.path)) {
        unknown_.insert_or_assign(
            process.path,
            UnknownPlace{.path = process.path, .why = std::string(kAway), .is_running = true});
        return {};
      }
      const auto status = host_.status(process.path);
      if (!status && !is_missing(status.error())) return fail(status.error());
      // Seen from here there is no such file: it was removed a moment ago, or hidden by a mount.
      if (status && status->kind == FileKind::kRegular)
        program.status = *status;
      else
        program.is_replaced = true;
    }
    return keep(std::move(program));
  }

  Status keep(Program program) {
    auto [at, is_new] = programs_.try_emplace(program.path);
    auto& known = at->second;
    if (is_new) {
      if (programs_.size() > kMaxPrograms)
        return fail(Code::kTooLarge,
                    "more than " + std::to_string(kMaxPrograms) + " programs are there");
      known = std::move(program);
      return {};
    }
    known.in_path = known.in_path || program.in_path;
    known.is_running = known.is_running || program.is_running;
    known.is_replaced = known.is_replaced || program.is_replaced;
    return {};
  }

  Host& host_;
  RealPaths real_paths_;
  OwnRoot own_root_;
  std::vector<std::string> away_;  // mount points
  std::map<std::string, Program, std::less<>> programs_;
  std::map<std::string, UnknownPlace, std::less<>> unknown_;
};

}  // namespace

Result<Programs> find_programs(Host& host) {
  return Finder(host).find();
}

}  // namespace assay::agent
