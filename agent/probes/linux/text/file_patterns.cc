#include "agent/probes/linux/text/file_patterns.h"

#include <fnmatch.h>

#include <algorithm>
#include <utility>

namespace assay::agent {
namespace {

constexpr std::size_t kMaxPatternBytes = 1024;
constexpr std::size_t kMaxPathBytes = 4096;
constexpr std::ptrdiff_t kMaxStars = 8;

// The entries of `folder` that fit `part`.
Status add_matches(Host& host, const std::string& folder, std::string_view part,
                   std::vector<std::string>& found) {
  if (is_too_costly(part))
    return fail(Code::kNotSupported,
                "a pattern of too many stars: " + std::string(part.substr(0, 200)));
  const auto names = host.list_directory(folder.empty() ? "/" : folder, kMaxDirectoryEntries);
  if (!names) {
    // Not there, or no folder at all: nothing fits.
    if (names.error().code() == Code::kNotFound || names.error().code() == Code::kInvalidData)
      return {};
    return fail(names.error());
  }
  for (const auto& name : *names)
    if (matches_pattern(part, name)) found.push_back(folder + "/" + name);
  return {};
}

// One step down for all of `folders`.
Result<std::vector<std::string>> step(Host& host, const std::vector<std::string>& folders,
                                      std::string_view part) {
  std::vector<std::string> found;
  for (const auto& folder : folders) {
    if (!has_wildcard(part)) {
      found.push_back(std::string(folder).append("/").append(part));
    } else if (auto added = add_matches(host, folder, part, found); !added) {
      return fail(added.error());
    }
    if (found.size() > kMaxMatchingFiles)
      return fail(Code::kTooLarge,
                  "a pattern names more than " + std::to_string(kMaxMatchingFiles) + " files");
  }
  return found;
}

}  // namespace

bool has_wildcard(std::string_view text) {
  return text.find_first_of("*?[\\") != std::string_view::npos;
}

bool is_too_costly(std::string_view pattern) {
  return pattern.size() > kMaxPatternBytes || std::ranges::count(pattern, '*') > kMaxStars;
}

bool matches_pattern(std::string_view pattern, std::string_view text) {
  if (is_too_costly(pattern) || text.size() > kMaxPathBytes) return false;
  return ::fnmatch(std::string(pattern).c_str(), std::string(text).c_str(),
                   FNM_PATHNAME | FNM_PERIOD) == 0;
}

Result<std::vector<std::string>> files_that_match(Host& host, std::string_view pattern) {
  if (!pattern.starts_with('/') || pattern.size() > kMaxPathBytes)
    return fail(Code::kNotSupported, "no absolute path: " + std::string(pattern.substr(0, 200)));
  std::vector<std::string> paths = {""};
  while (!pattern.empty()) {
    const auto slash = pattern.find('/');
    const auto part = pattern.substr(0, slash);
    pattern.remove_prefix(slash == std::string_view::npos ? pattern.size() : slash + 1);
    if (part.empty() || part == ".") continue;
    auto next = step(host, paths, part);
    if (!next) return next;
    paths = *std::move(next);
  }
  std::vector<std::string> existing;
  for (auto& path : paths) {
    const auto status = host.status(path);
    if (status) {
      existing.push_back(std::move(path));
    } else if (status.error().code() != Code::kNotFound) {
      return fail(status.error());
    }
  }
  return existing;
}

}  // namespace assay::agent
