#include "agent/probes/linux/libraries/programs/own_root.h"

#include <array>

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxMountInfoBytes = 4U << 20U;

std::string of_process(std::string_view pid, std::string_view file) {
  return std::string("/proc/").append(pid).append(file);
}

}  // namespace

std::string root_in_mount_info(std::string_view text) {
  std::string root;
  Lines lines(text);
  while (const auto line = lines.next()) {
    // "36 35 98:0 /folder / rw,…": the last one that is mounted there covers the others.
    std::array<std::string_view, 5> words;
    auto rest = *line;
    for (auto& word : words) {
      word = rest.substr(0, rest.find(' '));
      rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    }
    if (words[4] == "/") root = std::string(words[2]).append(" ").append(words[3]);
  }
  return root;
}

Result<bool> OwnRoot::is_shared_by(std::int64_t pid) {
  if (own_root_.empty()) {
    const auto ours = host_.read_file(of_process("self", "/mountinfo"), kMaxMountInfoBytes);
    if (!ours) return fail(ours.error());
    own_root_ = root_in_mount_info(*ours);
    if (own_root_.empty()) return fail(Code::kNotSupported, "what is mounted on / is not known");
  }
  const auto number = std::to_string(pid);
  const auto space = host_.read_link(of_process(number, "/ns/mnt"));
  if (!space) return fail(space.error());
  if (const auto known = by_namespace_.find(*space); known != by_namespace_.end())
    return known->second;
  const auto mounts = host_.read_file(of_process(number, "/mountinfo"), kMaxMountInfoBytes);
  if (!mounts) return fail(mounts.error());
  // A process that ended meanwhile has no mounts at all.
  if (mounts->empty()) return fail(Code::kNotFound, "the process has ended");
  const bool is_shared = root_in_mount_info(*mounts) == own_root_;
  by_namespace_.emplace(*space, is_shared);
  return is_shared;
}

}  // namespace assay::agent
