#include "agent/probes/linux/system/os_release.h"

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::string_view kEscaped = "$`\"\\";

// Nothing when a quote is not closed or words follow it.
std::optional<std::string> unquoted(std::string_view text) {
  std::string value;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && quote != '\'') {
      if (++i == text.size()) return std::nullopt;
      // Between double quotes it is a letter like others before all but these.
      if (quote == '"' && kEscaped.find(text[i]) == std::string_view::npos) value += c;
      value += text[i];
    } else if (quote != 0) {
      if (c == quote)
        quote = 0;
      else
        value += c;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == ' ' || c == '\t') {
      return std::nullopt;
    } else {
      value += c;
    }
  }
  if (quote != 0) return std::nullopt;
  return value;
}

bool is_name(std::string_view key) {
  return !key.empty() && std::ranges::all_of(key, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

}  // namespace

Result<OsRelease> parse_os_release(std::string_view text) {
  OsRelease release;
  Lines lines(text);
  while (const auto raw = lines.next()) {
    const auto line = trimmed(*raw);
    if (line.empty() || line.starts_with('#')) continue;
    const auto equals = line.find('=');
    const auto value =
        equals == std::string_view::npos ? std::nullopt : unquoted(line.substr(equals + 1));
    if (!value || !is_name(line.substr(0, equals)))
      return fail(Code::kInvalidData,
                  "line " + std::to_string(lines.number()) + " of os-release is no assignment");
    release.insert_or_assign(std::string(line.substr(0, equals)), *value);
  }
  return release;
}

Result<OsRelease> read_os_release(Host& host) {
  auto text = host.read_file("/etc/os-release", kMaxConfigBytes);
  if (!text && text.error().code() == Code::kNotFound)
    text = host.read_file("/usr/lib/os-release", kMaxConfigBytes);
  if (!text) return fail(std::move(text.error()));
  return parse_os_release(*text);
}

std::string_view value_of(const OsRelease& release, std::string_view key) {
  const auto found = release.find(key);
  return found == release.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace assay::agent
