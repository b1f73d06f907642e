#include "collector/software/cpe_name.h"

#include <algorithm>
#include <array>

#include "checks/engine/versions.h"

namespace assay::collector {
namespace {

char small(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool stands_alone(char c) {
  return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_' || c == '.' || c == '-';
}

// False when the value cannot be written.
bool append_value(std::string_view value, std::string& name) {
  name += ':';
  if (value.size() > kMaxCpeValueBytes) return false;
  if (value.empty()) name += '*';
  if (value == "-") name += '\\';
  for (const char raw : value) {
    const char c = raw == ' ' || raw == '\t' ? '_' : small(raw);
    if (c <= ' ' || c > '~') return false;
    if (!stands_alone(c)) name += '\\';
    name += c;
  }
  return true;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

// "rc1" of "1.0~rc1-2"; empty when what stands behind the tilde is something else.
std::string_view before_release(std::string_view version) {
  const auto tilde = version.find('~');
  if (tilde == std::string_view::npos) return {};
  auto mark = version.substr(tilde + 1);
  mark = mark.substr(0, mark.find_first_of("-+~^"));
  for (const std::string_view word : {"rc", "beta", "alpha", "pre"})
    if (mark == word || (mark.starts_with(word) && all_digits(mark.substr(word.size()))))
      return mark;
  return {};
}

// "9.2p1" and "4.4.3-P1" into version and update.
void split_patch(CpeParts& parts) {
  const auto at = parts.version.find_last_of("pP");
  if (at == std::string::npos || at == 0) return;
  if (!all_digits(std::string_view(parts.version).substr(at + 1))) return;
  const bool has_dash = parts.version[at - 1] == '-';
  const auto end = at - (has_dash ? 1 : 0);
  if (end == 0 || !is_digit(parts.version[end - 1])) return;
  parts.update = "p" + parts.version.substr(at + 1);
  parts.version.resize(end);
}

}  // namespace

std::optional<std::string> cpe_name(const CpeParts& parts) {
  std::string name = "cpe:2.3:";
  name += parts.part;
  for (const auto* value : {&parts.vendor, &parts.product, &parts.version, &parts.update})
    if (!append_value(*value, name)) return std::nullopt;
  // Edition, language, software edition, target software and hardware, other.
  return name + ":*:*:*:*:*:*";
}

std::optional<CpeVersionRule> cpe_version_rule(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, CpeVersionRule>, 4> kRules = {
      {{"upstream", CpeVersionRule::kUpstream},
       {"patch", CpeVersionRule::kPatch},
       {"full", CpeVersionRule::kFull},
       {"release", CpeVersionRule::kRelease}}};
  for (const auto& [word, rule] : kRules)
    if (word == name) return rule;
  return std::nullopt;
}

void set_cpe_version(CpeVersionRule rule, std::string_view version, CpeParts& parts) {
  parts.update.clear();
  parts.version = version;
  if (rule == CpeVersionRule::kFull) return;
  if (rule == CpeVersionRule::kRelease) {
    if (all_digits(version)) parts.version += ".0";
    return;
  }
  parts.version = checks::upstream_version(version);
  parts.version.resize(std::min(parts.version.find('^'), parts.version.size()));
  parts.update = before_release(version);
  if (rule == CpeVersionRule::kPatch && parts.update.empty()) split_patch(parts);
}

}  // namespace assay::collector
