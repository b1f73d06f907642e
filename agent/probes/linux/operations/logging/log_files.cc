#include "agent/probes/linux/operations/logging/log_files.h"

#include "agent/probes/linux/accounts/account_files.h"

namespace assay::agent {
namespace {

constexpr std::string_view kSystem = "system";
constexpr std::array<std::string_view, 14> kWellKnown = {
    "/var/log",          "/var/log/auth.log", "/var/log/secure",  "/var/log/syslog",
    "/var/log/messages", "/var/log/kern.log", "/var/log/cron",    "/var/log/maillog",
    "/var/log/wtmp",     "/var/log/btmp",     "/var/log/lastlog", "/var/log/faillog",
    "/var/log/sudo.log", "/var/log/dpkg.log"};
constexpr std::size_t kMaxFiles = 10'000;

std::string octal(std::uint32_t mode) {
  std::string digits = "0";
  for (int shift = mode > 0777U ? 9 : 6; shift >= 0; shift -= 3)
    digits += static_cast<char>('0' + ((mode >> static_cast<unsigned>(shift)) & 7U));
  return digits;
}

std::string name_of_id(const std::map<std::uint32_t, std::string>& names, std::uint32_t id) {
  const auto found = names.find(id);
  return found == names.end() ? std::string() : found->second;
}

}  // namespace

// Accounts that cannot be read leave the numbers without names.
Status LogFiles::load_names() {
  if (users_) return {};
  users_.emplace();
  const auto passwd = read_settings(host_, "/etc/passwd");
  if (!passwd) return fail(passwd.error());
  if (*passwd)
    if (const auto entries = parse_passwd(**passwd))
      for (const auto& entry : *entries) users_->emplace(entry.uid, entry.name);
  const auto group = read_settings(host_, "/etc/group");
  if (!group) return fail(group.error());
  if (*group)
    if (const auto entries = parse_group(**group))
      for (const auto& entry : *entries) groups_.emplace(entry.gid, entry.name);
  return {};
}

void LogFiles::add_rows(std::string_view component, const std::string& path,
                        const FileStatus& status, const Place& place) {
  rows_.add({.component = component,
             .setting = "file_mode",
             .target = path,
             .value = status.mode,
             .text = octal(status.mode),
             .place = place});
  rows_.add({.component = component,
             .setting = "file_owner",
             .target = path,
             .value = status.uid,
             .text = name_of_id(*users_, status.uid),
             .place = place});
  rows_.add({.component = component,
             .setting = "file_group",
             .target = path,
             .value = status.gid,
             .text = name_of_id(groups_, status.gid),
             .place = place});
}

Status LogFiles::add(std::string_view component, const std::string& path, const Place& place) {
  if (seen_.size() >= kMaxFiles || !seen_.insert(path).second) return {};
  if (component != kSystem) written_.emplace(path, place);
  if (auto loaded = load_names(); !loaded) return loaded;
  const auto status = host_.status(path);
  if (status) {
    add_rows(component, path, *status, place);
    return {};
  }
  if (status.error().code() != Code::kNotFound && status.error().code() != Code::kPermissionDenied)
    return fail(status.error());
  rows_.add({.component = component,
             .setting = "file_mode",
             .target = path,
             .place = place,
             .note = status.error().code() == Code::kNotFound ? "it has not been written yet"
                                                              : status.error().message()});
  return {};
}

Status LogFiles::add_well_known() {
  for (const auto path : kWellKnown) {
    const auto status = host_.status(path);
    if (status)
      if (auto done = add(kSystem, std::string(path), {.source = std::string(path)}); !done)
        return done;
    if (!status && status.error().code() != Code::kNotFound &&
        status.error().code() != Code::kPermissionDenied)
      return fail(status.error());
  }
  return {};
}

}  // namespace assay::agent
