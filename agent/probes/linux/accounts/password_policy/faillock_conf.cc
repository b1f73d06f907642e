#include "agent/probes/linux/accounts/password_policy/faillock_conf.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace assay::agent {
namespace {

constexpr std::int64_t kMaxInterval = 604800;  // pam_faillock ignores longer times
constexpr std::array<std::string_view, 7> kOtherNames = {
    "dir", "root_unlock_time", "admin_group", "audit", "silent", "no_log_info", "nodelay"};

bool set_time(Number& number, const FileSetting& setting) {
  const auto seconds = leading_number(setting.value);
  if (!seconds || *seconds < 0 || *seconds > kMaxInterval) return false;
  number = {*seconds, setting.where};
  return true;
}

bool add(FaillockSettings& settings, const FileSetting& setting) {
  const auto& name = setting.name;
  if (name == "deny") {
    const auto count = leading_number(setting.value);
    if (!count) return false;
    settings.deny = {*count & 0xffff, setting.where};  // the module keeps 16 bits
    return true;
  }
  if (name == "unlock_time") {
    if (setting.value == "never") {
      settings.unlock_time = {0, setting.where};
      return true;
    }
    return set_time(settings.unlock_time, setting);
  }
  if (name == "fail_interval") return set_time(settings.fail_interval, setting);
  // root_unlock_time implies that root is locked too.
  if (name == "even_deny_root" || name == "root_unlock_time") {
    settings.even_deny_root = {1, setting.where};
    return true;
  }
  if (name == "local_users_only") {
    settings.local_users_only = {1, setting.where};
    return true;
  }
  return std::ranges::find(kOtherNames, name) != kOtherNames.end();
}

void add_or_note(FaillockSettings& settings, const FileSetting& setting) {
  if (add(settings, setting)) return;
  settings.problems.push_back(
      fmt::format("{}: '{}' is not understood and ignored", setting.where.text(), setting.name));
}

Status add_file(FaillockSettings& settings, Host& host, std::string path, bool must_exist) {
  const auto text = must_exist ? read_optional(host, path) : read_security_file(host, path);
  if (!text) return fail(text.error());
  if (!*text && must_exist) return fail(Code::kNotFound, fmt::format("{} does not exist", path));
  if (!*text) return {};
  const auto lines = parse_settings(**text, path);
  if (!lines) return fail(lines.error());
  for (const auto& line : *lines) add_or_note(settings, line);
  return {};
}

}  // namespace

Result<FaillockSettings> read_faillock_conf(Host& host) {
  FaillockSettings settings;
  if (auto done = add_file(settings, host, std::string(kFaillockConf), false); !done) {
    return fail(done.error());
  }
  return settings;
}

Result<FaillockSettings> read_faillock(Host& host, const PamEntry& entry, bool reads_file) {
  FaillockSettings settings;
  const auto path = entry.argument("conf");
  const auto done =
      add_file(settings, host, std::string(path.value_or(kFaillockConf)), path.has_value());
  if (!done) return fail(done.error());
  if (!reads_file) {
    const auto written = std::exchange(settings, {});
    for (const auto* number : {&written.deny, &written.unlock_time}) {
      if (!number->where) continue;
      settings.problems.push_back(
          fmt::format("{} has no effect: the installed pam_faillock does not read this file",
                      number->where->text()));
    }
  }
  for (const std::string_view argument : entry.arguments) {
    const auto equals = std::min(argument.size(), argument.find('='));
    const auto name = argument.substr(0, equals);
    if (name == "conf" || name == "preauth" || name == "authfail" || name == "authsucc") continue;
    add_or_note(settings,
                {.name = std::string(name),
                 .value = std::string(argument.substr(std::min(argument.size(), equals + 1))),
                 .where = entry.where});
  }
  return settings;
}

}  // namespace assay::agent
