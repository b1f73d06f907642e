#include "agent/probes/linux/hardening/sshd/include_files.h"

#include <fnmatch.h>

namespace assay::agent {
namespace {

bool has_wildcard(std::string_view part) {
  return part.find_first_of("*?[\\") != std::string_view::npos;
}

// The entries of `folder` that fit `part`.
Status add_matches(Host& host, const std::string& folder, const std::string& part,
                   std::vector<std::string>& found) {
  const auto names = host.list_directory(folder.empty() ? "/" : folder, kMaxDirectoryEntries);
  if (!names) {
    // Not there, or no folder at all: nothing fits.
    if (names.error().code() == Code::kNotFound || names.error().code() == Code::kInvalidData)
      return {};
    return fail(names.error());
  }
  for (const auto& name : *names)
    if (::fnmatch(part.c_str(), name.c_str(), FNM_PERIOD) == 0)
      found.push_back(folder + "/" + name);
  return {};
}

// One step down for all of `folders`.
Result<std::vector<std::string>> step(Host& host, const std::vector<std::string>& folders,
                                      const std::string& part) {
  std::vector<std::string> found;
  for (const auto& folder : folders) {
    if (!has_wildcard(part)) {
      found.push_back(folder + "/" + part);
    } else if (auto added = add_matches(host, folder, part, found); !added) {
      return fail(added.error());
    }
    if (found.size() > kMaxIncludedFiles)
      return fail(Code::kTooLarge,
                  "a pattern names more than " + std::to_string(kMaxIncludedFiles) + " files");
  }
  return found;
}

}  // namespace

Result<std::vector<std::string>> files_that_match(Host& host, std::string_view pattern) {
  std::vector<std::string> paths = {""};
  while (!pattern.empty()) {
    const auto slash = pattern.find('/');
    const std::string part(pattern.substr(0, slash));
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
