#include "agent/rights/leave_root.h"

#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "agent/rights/syscall_filter.h"

namespace assay::agent {

namespace {

struct Nobody {
  uid_t user = 65534;  // "nobody" on every Linux, whether it is listed or not
  gid_t group = 65534;
};

Nobody chosen_account() {
  for (const char* name : {"assay", "nobody"}) {
    std::array<char, 4096> space{};
    passwd entry{};
    passwd* found = nullptr;
    if (::getpwnam_r(name, &entry, space.data(), space.size(), &found) == 0 && found != nullptr &&
        entry.pw_uid != 0)
      return {entry.pw_uid, entry.pw_gid};
  }
  return {};
}

Status become(const Nobody& account) {
  if (::setgroups(0, nullptr) != 0 ||
      ::setresgid(account.group, account.group, account.group) != 0 ||
      ::setresuid(account.user, account.user, account.user) != 0)
    return fail(system_error(errno, "giving up root"));
  if (::setuid(0) == 0) return fail(Code::kInternal, "root was not given up");
  return {};
}

}  // namespace

Result<std::string> leave_root() {
  if (::geteuid() == 0)
    if (auto left = become(chosen_account()); !left) return fail(left.error());
  const rlimit no_core{0, 0};
  if (::setrlimit(RLIMIT_CORE, &no_core) != 0 || ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
    return fail(system_error(errno, "giving up privileges"));
  if (auto filtered = filter_system_calls(); !filtered) {
    if (filtered.error().code() != Code::kNotSupported) return fail(filtered.error());
    return filtered.error().message();
  }
  return std::string();
}

}  // namespace assay::agent
