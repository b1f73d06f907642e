#include "agent/probes/linux/accounts/login_rules/ini_file.h"

#include <iterator>

#include "agent/probes/linux/accounts/password_policy/pam_control.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxLines = 100'000;

}  // namespace

Result<std::vector<IniLine>> parse_ini(std::string_view text, std::string_view path) {
  std::vector<IniLine> found;
  std::string section;
  Lines lines(text);
  while (const auto whole = lines.next()) {
    const auto line = trimmed(*whole);
    if (line.find('\0') != std::string_view::npos || found.size() >= kMaxLines)
      return fail(
          Code::kInvalidData,
          std::string("reading ").append(path).append(": this is no text file of settings"));
    if (line.empty() || line[0] == '#' || line[0] == ';') continue;
    if (line[0] == '[') {
      section = trimmed(line.substr(1, line.find(']') - 1));
      continue;
    }
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    found.push_back({section, std::string(trimmed(line.substr(0, equals))),
                     std::string(trimmed(line.substr(equals + 1))), std::string(path),
                     lines.number()});
  }
  return found;
}

Result<std::vector<IniLine>> read_ini(Host& host, const std::string& path) {
  const auto text = host.read_file(path, kMaxConfigBytes);
  if (!text && text.error().code() == Code::kNotFound) return std::vector<IniLine>();
  if (!text) return fail(text.error());
  return parse_ini(*text, path);
}

Result<std::vector<IniLine>> read_ini_folder(Host& host, const std::string& folder,
                                             std::string_view ending) {
  std::vector<IniLine> all;
  const auto names = host.list_directory(folder, kMaxDirectoryEntries);
  if (!names && names.error().code() == Code::kNotFound) return all;
  if (!names) return fail(names.error());
  for (const auto& name : *names) {
    if (!name.ends_with(ending) || name.starts_with('.')) continue;
    auto lines = read_ini(host, folder + "/" + name);
    if (!lines) return lines;
    std::move(lines->begin(), lines->end(), std::back_inserter(all));
  }
  return all;
}

const IniLine* last_of(const std::vector<IniLine>& lines, std::string_view section,
                       std::string_view key) {
  const IniLine* found = nullptr;
  for (const auto& line : lines)
    if (equals_ignoring_case(line.section, section) && equals_ignoring_case(line.key, key))
      found = &line;
  return found;
}

}  // namespace assay::agent
