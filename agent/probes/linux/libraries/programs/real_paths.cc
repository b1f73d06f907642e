#include "agent/probes/linux/libraries/programs/real_paths.h"

namespace assay::agent {
namespace {

std::string_view next_part(std::string_view& rest) {
  while (rest.starts_with('/')) rest.remove_prefix(1);
  const auto part = rest.substr(0, rest.find('/'));
  rest.remove_prefix(part.size());
  return part;
}

}  // namespace

Result<std::optional<std::string>> RealPaths::link_at(const std::string& path, bool is_folder) {
  if (const auto known = folders_.find(path); known != folders_.end()) return known->second;
  const auto status = host_.status(path);
  if (!status) return fail(status.error());
  std::optional<std::string> target;
  if (status->kind == FileKind::kSymlink) {
    auto text = host_.read_link(path);
    if (!text) return fail(text.error());
    target = *std::move(text);
  }
  if (is_folder && folders_.size() < kMaxKnownFolders) folders_.emplace(path, target);
  return target;
}

Result<std::string> RealPaths::of(std::string_view path) {
  constexpr std::size_t kMaxPathBytes = 4096;
  std::string real;
  std::string ahead(path);
  std::string_view rest(ahead);
  for (int links = 0;;) {
    const auto part = next_part(rest);
    if (part.empty()) return real.empty() ? "/" : real;
    if (part == ".") continue;
    if (part == "..") {
      real.resize(real.empty() ? 0 : real.rfind('/'));
      continue;
    }
    const auto here = real.size();
    real.append("/").append(part);
    const auto target = link_at(real, !rest.empty());
    if (!target) return fail(target.error());
    if (!*target) continue;
    if (++links > kMaxLinks || (*target)->size() + rest.size() > kMaxPathBytes)
      return fail(Code::kInvalidData, std::string("links lead in a circle: ").append(path));
    real.resize((*target)->starts_with('/') ? 0 : here);
    ahead = (**target + "/").append(rest);
    rest = ahead;
  }
}

}  // namespace assay::agent
