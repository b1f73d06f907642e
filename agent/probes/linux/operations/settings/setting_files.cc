#include "agent/probes/linux/operations/settings/setting_files.h"

#include <fnmatch.h>

namespace assay::agent {
namespace {

constexpr std::size_t kMaxFiles = 10'000;

bool has_wildcard(std::string_view text) {
  return text.find_first_of("*?[") != std::string_view::npos;
}

}  // namespace

Result<std::optional<std::string>> read_settings(Host& host, std::string_view path) {
  auto text = host.read_file(path, kMaxConfigBytes);
  if (text) return std::optional(*std::move(text));
  if (text.error().code() == Code::kNotFound) return std::nullopt;
  if (text.error().code() == Code::kInvalidData) {
    const auto target = host.read_link(path);
    if (target && *target == "/dev/null") return std::optional<std::string>(std::in_place);
  }
  return fail(std::move(text.error()));
}

Result<std::vector<std::string>> matching_files(Host& host, std::string_view pattern) {
  const auto slash = pattern.rfind('/');
  if (slash == std::string_view::npos || pattern.size() > 4096)
    return fail(Code::kNotSupported, "no absolute path: " + std::string(pattern.substr(0, 200)));
  const auto folder = pattern.substr(0, slash);
  const auto last = pattern.substr(slash + 1);
  if (has_wildcard(folder))
    return fail(Code::kNotSupported,
                "a wildcard in the name of a folder: " + std::string(pattern.substr(0, 200)));
  std::vector<std::string> files;
  if (!has_wildcard(last)) {
    const auto status = host.status(pattern);
    if (status) files.emplace_back(pattern);
    if (!status && status.error().code() != Code::kNotFound) return fail(status.error());
    return files;
  }
  const auto names = host.list_directory(folder.empty() ? "/" : folder, kMaxFiles);
  if (!names && names.error().code() == Code::kNotFound) return files;
  if (!names) return fail(names.error());
  for (const auto& name : *names) {
    if (!matches_pattern(last, name)) continue;
    auto path = std::string(folder) + "/" + name;
    const auto status = host.status(path);
    if (!status || status->kind == FileKind::kDirectory) continue;  // gone meanwhile, or a folder
    files.push_back(std::move(path));
  }
  return files;
}

bool matches_pattern(std::string_view pattern, std::string_view text) {
  // fnmatch() takes time that grows with the power of the number of stars.
  constexpr std::ptrdiff_t kMaxStars = 8;
  if (pattern.size() > 1024 || text.size() > 4096 || std::ranges::count(pattern, '*') > kMaxStars)
    return false;
  return ::fnmatch(std::string(pattern).c_str(), std::string(text).c_str(),
                   FNM_PATHNAME | FNM_PERIOD) == 0;
}

std::optional<bool> truth_of(std::string_view text) {
  for (const std::string_view yes : {"yes", "true", "on", "1", "y", "t"})
    if (equals_ignoring_case(text, yes)) return true;
  for (const std::string_view no : {"no", "false", "off", "0", "n", "f"})
    if (equals_ignoring_case(text, no)) return false;
  return std::nullopt;
}

}  // namespace assay::agent
