#include "agent/rights/leave_root.h"

#include <pwd.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <string_view>

#include "agent/rights/giving_up.h"

namespace assay::agent {

namespace {

struct Nobody {
  uid_t user = 65534;  // "nobody" on every Linux, whether it is listed or not
  gid_t group = 65534;
};

// From this machine's own list and no other: a name service would be somebody else's code in a
// process that is still root, and to load it takes longer than an audit of a small server.
Nobody chosen_account() {
  Nobody chosen;
  const std::unique_ptr<FILE, decltype([](FILE* file) { (void)std::fclose(file); })> list(
      std::fopen("/etc/passwd", "re"));
  std::array<char, 16U << 10U> space;  // a longer line ends the search
  passwd entry{};
  passwd* found = nullptr;
  while (list && ::fgetpwent_r(list.get(), &entry, space.data(), space.size(), &found) == 0) {
    if (entry.pw_uid == 0) continue;
    const std::string_view name(entry.pw_name);
    if (name == "assay") return {entry.pw_uid, entry.pw_gid};
    if (name == "nobody") chosen = {entry.pw_uid, entry.pw_gid};
  }
  return chosen;
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
