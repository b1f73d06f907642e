#include "agent/probes/linux/accounts/local_accounts.h"

#include "agent/probes/linux/accounts/account_files.h"
#include "agent/probes/linux/text/cells.h"
#include "evidence/limits.h"

namespace assay::agent {
namespace {

std::int64_t as_signed(std::uint32_t id) {
  return static_cast<std::int32_t>(id);
}

}  // namespace

Result<evidence::Table> collect_users(Host& host) {
  const auto accounts = read_passwd(host);
  if (!accounts) return fail(accounts.error());
  evidence::Table table(*evidence::find_table("users"));
  for (const auto& account : *accounts)
    table.add({{"uid", std::int64_t{account.uid}},
               {"gid", std::int64_t{account.gid}},
               {"uid_signed", as_signed(account.uid)},
               {"gid_signed", as_signed(account.gid)},
               {"username", account.name},
               {"description", account.comment},
               {"directory", account.directory},
               {"shell", account.shell}});
  return table;
}

Result<evidence::Table> collect_groups(Host& host) {
  const auto groups = read_group(host);
  if (!groups) return fail(groups.error());
  evidence::Table table(*evidence::find_table("groups"));
  for (const auto& group : *groups)
    table.add({{"gid", std::int64_t{group.gid}},
               {"gid_signed", as_signed(group.gid)},
               {"groupname", group.name}});
  return table;
}

Result<evidence::Table> collect_user_groups(Host& host) {
  const auto accounts = read_passwd(host);
  if (!accounts) return fail(accounts.error());
  const auto groups = read_group(host);
  if (!groups) return fail(groups.error());

  std::multimap<std::string_view, std::uint32_t> uids;
  std::set<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (const auto& account : *accounts) {
    uids.emplace(account.name, account.uid);
    pairs.emplace(account.uid, account.gid);
  }
  // A member that is no local account has no uid here and so no row.
  for (const auto& group : *groups)
    for (const auto& member : group.members)
      for (auto [at, end] = uids.equal_range(member); at != end; ++at)
        pairs.emplace(at->second, group.gid);

  if (pairs.size() > evidence::kMaxRows)
    return fail(Code::kTooLarge, "more memberships than a table may have rows");
  evidence::Table table(*evidence::find_table("user_groups"));
  for (const auto& [uid, gid] : pairs)
    table.add({{"uid", std::int64_t{uid}}, {"gid", std::int64_t{gid}}});
  return table;
}

Result<evidence::Table> collect_shadow(Host& host) {
  auto entries = read_shadow(host);
  if (!entries) return fail(std::move(entries.error()));
  const auto accounts = read_passwd(host);
  if (!accounts) return fail(accounts.error());

  std::set<std::size_t> in_passwd;
  std::map<std::string, std::size_t, std::less<>> places;  // the first of a name counts
  for (std::size_t i = 0; i < entries->size(); ++i) places.emplace((*entries)[i].name, i);
  for (const auto& account : *accounts) {
    if (!account.own_password) continue;
    const auto [place, is_new] = places.emplace(account.name, entries->size());
    auto& entry = is_new ? entries->emplace_back() : (*entries)[place->second];
    entry.name = account.name;
    entry.password = *account.own_password;
    in_passwd.insert(place->second);
  }
  evidence::Table table(*evidence::find_table("shadow"));
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const auto& entry = (*entries)[i];
    table.add({{"password_status", std::string(entry.password.status)},
               {"hash_alg", text_or_null(entry.password.hash_alg)},
               {"last_change", number_or_null(entry.last_change)},
               {"min", number_or_null(entry.min)},
               {"max", number_or_null(entry.max)},
               {"warning", number_or_null(entry.warning)},
               {"inactive", number_or_null(entry.inactive)},
               {"expire", number_or_null(entry.expire)},
               {"flag", number_or_null(entry.flag)},
               {"username", entry.name},
               {"source", in_passwd.contains(i) ? "/etc/passwd" : "/etc/shadow"}});
  }
  return table;
}

}  // namespace assay::agent
