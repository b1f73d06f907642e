#include "agent/rights/leave_root.h"

#include <pwd.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "agent/rights/giving_up.h"

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

}  // namespace

Result<std::string> leave_root() {
  if (::geteuid() == 0) {
    const auto account = chosen_account();
    if (auto left = become_user(account.user, account.group, "giving up root"); !left)
      return fail(left.error());
  }
  const rlimit no_core{0, 0};
  if (::setrlimit(RLIMIT_CORE, &no_core) != 0)
    return fail(system_error(errno, "giving up privileges"));
  return seal_process();
}

}  // namespace assay::agent
