#include "agent/rights/giving_up.h"

#include <grp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>

#include "agent/rights/syscall_filter.h"

namespace assay::agent {

Status become_user(uid_t user, gid_t group, const std::string& what) {
  if (::setgroups(0, nullptr) != 0 || ::setresgid(group, group, group) != 0 ||
      ::setresuid(user, user, user) != 0)
    return fail(system_error(errno, what));
  if (::setuid(0) == 0) return fail(Code::kInternal, "root was not given up");
  return {};
}

Result<std::string> seal_process() {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
    return fail(system_error(errno, "giving up privileges"));
  const auto filtered = filter_system_calls();
  if (filtered) return std::string();
  if (filtered.error().code() != Code::kNotSupported) return fail(filtered.error());
  return filtered.error().message();
}

}  // namespace assay::agent
