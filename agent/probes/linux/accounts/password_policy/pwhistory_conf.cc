#include "agent/probes/linux/accounts/password_policy/pwhistory_conf.h"

#include <algorithm>

namespace assay::agent {
namespace {

constexpr std::int64_t kMostRemembered = 400;

Result<std::vector<FileSetting>> lines_of(Host& host, std::string_view written) {
  std::string path(written);
  const auto text = read_security_file(host, path);
  if (!text) return fail(text.error());
  return parse_settings(text->value_or(""), path);
}

// The first line with this name decides.
const FileSetting* first(const std::vector<FileSetting>& lines, std::string_view name) {
  const auto found = std::ranges::find_if(
      lines, [&](const FileSetting& line) { return equals_ignoring_case(line.name, name); });
  return found == lines.end() ? nullptr : &*found;
}

}  // namespace

Result<PwhistorySettings> read_pwhistory(Host& host, const PamEntry& entry, bool reads_file) {
  PwhistorySettings settings;
  if (reads_file) {
    const auto lines = lines_of(host, entry.argument("conf").value_or(kPwhistoryConf));
    if (!lines) return fail(lines.error());
    if (const auto* line = first(*lines, "remember"); line != nullptr) {
      const auto count = leading_number(line->value);
      if (count && *count >= 0) settings.remember = {*count, line->where};
    }
    if (const auto* line = first(*lines, "enforce_for_root"); line != nullptr) {
      settings.enforce_for_root = {1, line->where};
    }
  }
  if (const auto text = entry.argument("remember")) {
    const auto count = leading_number(*text).value_or(0);
    settings.remember = {std::clamp(count, std::int64_t{0}, kMostRemembered), entry.where};
  }
  if (entry.has_argument("enforce_for_root")) settings.enforce_for_root = {1, entry.where};
  return settings;
}

Result<std::optional<Location>> find_pwhistory_remember(Host& host) {
  const auto lines = lines_of(host, kPwhistoryConf);
  if (!lines) return fail(lines.error());
  const auto* line = first(*lines, "remember");
  return line == nullptr ? std::optional<Location>() : line->where;
}

}  // namespace assay::agent
