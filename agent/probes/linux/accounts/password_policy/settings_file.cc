#include "agent/probes/linux/accounts/password_policy/settings_file.h"

#include <fmt/format.h>

#include <charconv>

namespace assay::agent {
namespace {

constexpr std::string_view kBlanks = " \t\n\v\f\r";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// Calls `take(line, number)` for every line of text.
template <typename Take>
Status each_line(std::string_view text, std::string_view path, Take take) {
  std::int64_t number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++number;
    if (line.find('\0') != std::string_view::npos) {
      return fail(Code::kInvalidData,
                  fmt::format("reading {}: line {} holds a byte that is not text", path, number));
    }
    take(line, number);
  }
  return {};
}

}  // namespace

Result<std::vector<FileSetting>> parse_settings(std::string_view text, std::string_view path) {
  std::vector<FileSetting> settings;
  const auto done = each_line(text, path, [&](std::string_view line, std::int64_t number) {
    line = trimmed(line.substr(0, line.find('#')));
    if (line.empty()) return;
    const auto name_end = std::min(line.size(), line.find_first_of(" \t\v\f\r="));
    auto value = trimmed(line.substr(name_end));
    if (value.starts_with('=')) value = trimmed(value.substr(1));
    settings.push_back({.name = std::string(line.substr(0, name_end)),
                        .value = std::string(value),
                        .where = {std::string(path), number}});
  });
  if (!done) return fail(done.error());
  return settings;
}

Result<std::vector<FileSetting>> parse_login_defs(std::string_view text, std::string_view path) {
  std::vector<FileSetting> settings;
  const auto done = each_line(text, path, [&](std::string_view line, std::int64_t number) {
    line = trimmed(line);
    if (line.empty() || line.starts_with('#')) return;
    const auto name_end = line.find_first_of(" \t");
    if (name_end == std::string_view::npos) return;
    auto value = line.substr(name_end);
    value.remove_prefix(std::min(value.size(), value.find_first_not_of(" \"\t")));
    value = value.substr(0, value.find('"'));
    settings.push_back({.name = std::string(line.substr(0, name_end)),
                        .value = std::string(value),
                        .where = {std::string(path), number}});
  });
  if (!done) return fail(done.error());
  return settings;
}

Result<std::optional<std::string>> read_optional(Host& host, std::string_view path) {
  auto text = host.read_file(path, kMaxConfigBytes);
  if (text) return std::move(*text);
  if (text.error().code() == Code::kNotFound) return std::optional<std::string>();
  return fail(text.error().within(fmt::format("reading {}", path)));
}

Result<std::optional<std::string>> read_security_file(Host& host, std::string& path) {
  auto text = read_optional(host, path);
  if (!text || *text || !path.starts_with("/etc/security/")) return text;
  auto distributed = "/usr" + path;
  text = read_optional(host, distributed);
  if (text && *text) path = std::move(distributed);
  return text;
}

std::optional<std::int64_t> leading_number(std::string_view text) {
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(kBlanks)));
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  if (text.empty() || text.back() < '0' || text.back() > '9') return std::nullopt;
  const auto digits = text.find_first_of("0123456789");
  if (text.find_first_not_of("0123456789", digits) != std::string_view::npos) return std::nullopt;
  return leading_number(text);
}

}  // namespace assay::agent
