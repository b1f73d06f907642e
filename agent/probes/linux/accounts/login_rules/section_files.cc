#include "agent/probes/linux/accounts/login_rules/section_files.h"

#include <iterator>
#include <utility>

#include "agent/probes/linux/text/letters.h"
#include "agent/probes/linux/text/sections.h"

namespace assay::agent {
namespace {

Result<std::vector<PlacedSetting>> settings_of(std::string_view text, const std::string& path) {
  auto entries = parse_sections(text);
  if (!entries) return fail(entries.error().within("reading " + path));
  std::vector<PlacedSetting> settings;
  settings.reserve(entries->size());
  for (auto& entry : *entries)
    settings.push_back({std::string(entry.section), std::string(entry.key), std::move(entry.value),
                        path, entry.line});
  return settings;
}

}  // namespace

Result<std::vector<PlacedSetting>> read_section_file(Host& host, const std::string& path) {
  const auto text = host.read_file(path, kMaxConfigBytes);
  if (!text && text.error().code() == Code::kNotFound) return std::vector<PlacedSetting>();
  if (!text) return fail(text.error());
  return settings_of(*text, path);
}

Result<std::vector<PlacedSetting>> read_section_folder(Host& host, const std::string& folder,
                                                       std::string_view ending) {
  std::vector<PlacedSetting> all;
  const auto names = host.list_directory(folder, kMaxDirectoryEntries);
  if (!names && names.error().code() == Code::kNotFound) return all;
  if (!names) return fail(names.error());
  for (const auto& name : *names) {
    if (!name.ends_with(ending) || name.starts_with('.')) continue;
    auto lines = read_section_file(host, folder + "/" + name);
    if (!lines) return lines;
    std::move(lines->begin(), lines->end(), std::back_inserter(all));
  }
  return all;
}

const PlacedSetting* last_of(const std::vector<PlacedSetting>& lines, std::string_view section,
                             std::string_view key) {
  const PlacedSetting* found = nullptr;
  for (const auto& line : lines)
    if (equals_ignoring_case(line.section, section) && equals_ignoring_case(line.key, key))
      found = &line;
  return found;
}

}  // namespace assay::agent
