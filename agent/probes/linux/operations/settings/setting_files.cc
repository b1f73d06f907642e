#include "agent/probes/linux/operations/settings/setting_files.h"

#include <vector>

#include "agent/probes/linux/text/file_patterns.h"

namespace assay::agent {

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
  auto files = files_that_match(host, pattern);
  if (!files || !has_wildcard(pattern)) return files;
  std::erase_if(*files, [&](const std::string& path) {
    const auto status = host.status(path);
    return !status || status->kind == FileKind::kDirectory;  // gone meanwhile, or a folder
  });
  return files;
}

std::optional<bool> truth_of(std::string_view text) {
  for (const std::string_view yes : {"yes", "true", "on", "1", "y", "t"})
    if (equals_ignoring_case(text, yes)) return true;
  for (const std::string_view no : {"no", "false", "off", "0", "n", "f"})
    if (equals_ignoring_case(text, no)) return false;
  return std::nullopt;
}

}  // namespace assay::agent
