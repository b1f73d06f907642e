#include "agent/courier/privileges.h"

#include <fcntl.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "agent/rights/giving_up.h"

namespace assay::agent {

namespace {

struct Account {
  uid_t user;
  gid_t group;
};

// As the account would see it; we are root again when it returns.
bool can_reach(const Account& account, const StateFolder& state) {
  const gid_t group = ::getegid();
  if (::setegid(account.group) != 0) return false;
  bool can = ::seteuid(account.user) == 0;
  for (const auto& folder : {state.verdicts(), state.in("courier"), state.identity()})
    can = can && ::faccessat(AT_FDCWD, folder.c_str(), R_OK | W_OK | X_OK, AT_EACCESS) == 0;
  can = can && ::faccessat(AT_FDCWD, state.spool().c_str(), R_OK | X_OK, AT_EACCESS) == 0;
  if (::seteuid(0) != 0 || ::setegid(group) != 0) ::_exit(70);  // neither fish nor flesh
  return can;
}

Status give_files_to(const Account& account, const StateFolder& state) {
  // A courier that ran as root, before the user existed, has left files of root.
  for (const auto& folder : {state.verdicts(), state.in("courier"), state.identity()}) {
    const FileDescriptor at(
        ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    for (const auto* name : {"agent.key", "agent.crt", "ca.crt", "host_id", "collector",
                             "status.json", "settings.json"})
      if (::fchownat(at.number(), name, account.user, account.group, AT_SYMLINK_NOFOLLOW) != 0 &&
          errno != ENOENT)
        return fail(system_error(errno, "handing over " + folder + "/" + name));
  }
  return {};
}

Result<PrivilegeReport> leave_root(const StateFolder& state) {
  PrivilegeReport out{"root", ""};
  std::array<char, 4096> space{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwnam_r(kCourierUser, &entry, space.data(), space.size(), &found) != 0 || !found) {
    out.warning = std::string("there is no user ") + kCourierUser + "; the courier runs as root";
    return out;
  }
  const Account account{entry.pw_uid, entry.pw_gid};
  if (!can_reach(account, state)) {
    out.warning = std::string("user ") + kCourierUser + " cannot reach " + state.path() +
                  "; the courier runs as root";
    return out;
  }
  if (auto given = give_files_to(account, state); !given) return fail(given.error());
  if (auto done =
          become_user(account.user, account.group, std::string("becoming user ") + kCourierUser);
      !done)
    return fail(done.error());
  out.user = kCourierUser;
  return out;
}

}  // namespace

Result<PrivilegeReport> drop_privileges(const StateFolder& state) {
  PrivilegeReport out{std::to_string(::geteuid()), ""};
  if (::geteuid() == 0) {
    auto left = leave_root(state);
    if (!left) return left;
    out = *left;
  }
  const auto kept = seal_process();
  if (!kept) return fail(kept.error());
  if (!kept->empty()) out.warning.append(out.warning.empty() ? "" : "; ").append(*kept);
  return out;
}

}  // namespace assay::agent
