#include "agent/probes/linux/hardening/files/owner_names.h"

#include <array>

#include "agent/probes/linux/accounts/account_files.h"
#include "agent/probes/linux/text/cells.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxAccountBytes = 64U << 20U;
constexpr std::uint32_t kFirstOrdinaryUid = 1000;
constexpr std::uint32_t kNobody = 65'534;

Result<std::string> text_or_empty(Host& host, std::string_view path) {
  auto text = host.read_file(path, kMaxAccountBytes);
  if (!text && text.error().code() == Code::kNotFound) return std::string();
  return text;
}

// systemd's numbers: services with DynamicUser=, and containers of systemd-nspawn.
bool is_systemds(std::uint32_t id) {
  return (id >= 61'184 && id <= 65'519) || (id >= 524'288 && id <= 1'879'048'191);
}

bool names_a_directory(std::string_view nsswitch) {
  Lines lines(nsswitch);
  while (const auto line = lines.next()) {
    const auto content = trimmed(*line);
    if (!content.starts_with("passwd:")) continue;
    for (const auto* service : {"sss", "ldap", "winbind", "nis", "hesiod"})
      if (content.find(service) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

Result<std::vector<OwnerNames::Range>> OwnerNames::read_ranges(Host& host, std::string_view path) {
  const auto text = text_or_empty(host, path);
  if (!text) return fail(text.error());
  std::vector<Range> ranges;
  Lines lines(*text);
  while (const auto line = lines.next()) {
    const auto second = line->rfind(':');
    if (second == std::string_view::npos || second == 0) continue;
    const auto first = line->rfind(':', second - 1);
    if (first == std::string_view::npos) continue;
    const auto begin = decimal<std::uint32_t>(line->substr(first + 1, second - first - 1));
    const auto count = decimal<std::uint32_t>(trimmed(line->substr(second + 1)));
    if (begin && count) ranges.push_back({*begin, *count});
  }
  return ranges;
}

Result<OwnerNames> OwnerNames::read(Host& host) {
  OwnerNames names;
  const auto passwd = host.read_file("/etc/passwd", kMaxAccountBytes);
  if (!passwd) return fail(passwd.error());
  const auto accounts = parse_passwd(*passwd);
  if (!accounts) return fail(accounts.error().within("/etc/passwd"));
  for (const auto& account : *accounts) {
    names.users_.emplace(account.uid, account.name);
    const bool is_ordinary = account.uid >= kFirstOrdinaryUid && account.uid != kNobody;
    if ((is_ordinary || account.uid == 0) && account.directory.size() > 1)
      names.homes_.push_back({account.directory, account.uid});
  }
  const auto group = text_or_empty(host, "/etc/group");
  if (!group) return fail(group.error());
  const auto groups = parse_group(*group);
  if (!groups) return fail(groups.error().within("/etc/group"));
  for (const auto& one : *groups) names.groups_.emplace(one.gid, one.name);
  auto sub_users = read_ranges(host, "/etc/subuid");
  if (!sub_users) return fail(sub_users.error());
  names.sub_users_ = *std::move(sub_users);
  auto sub_groups = read_ranges(host, "/etc/subgid");
  if (!sub_groups) return fail(sub_groups.error());
  names.sub_groups_ = *std::move(sub_groups);
  const auto nsswitch = text_or_empty(host, "/etc/nsswitch.conf");
  if (!nsswitch) return fail(nsswitch.error());
  names.has_directory_ = names_a_directory(*nsswitch);
  return names;
}

const std::string& OwnerNames::user(std::uint32_t uid) const {
  static const std::string kNone;
  const auto found = users_.find(uid);
  return found == users_.end() ? kNone : found->second;
}

bool OwnerNames::is_in(const std::vector<Range>& ranges, std::uint32_t id) {
  for (const auto& range : ranges)
    if (id >= range.first && id - range.first < range.count) return true;
  return false;
}

bool OwnerNames::is_nobodys_uid(std::uint32_t uid) const {
  return !users_.contains(uid) && !is_systemds(uid) && !is_in(sub_users_, uid);
}

bool OwnerNames::is_nobodys_gid(std::uint32_t gid) const {
  return !groups_.contains(gid) && !is_systemds(gid) && !is_in(sub_groups_, gid);
}

}  // namespace assay::agent
