#include "agent/courier/privileges.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <functional>

#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {
namespace {

// In a process of its own: what is given up is given up.
int in_child(const std::function<int()>& story) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(story());
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

class PrivilegesTest : public testing::Test {
 protected:
  PrivilegesTest() : state_(scratch_.root() + "/state") { EXPECT_TRUE(state_.prepare()); }
  ScratchFolder scratch_;
  StateFolder state_;
};

TEST_F(PrivilegesTest, NoProgramCanBeStartedAfterwards) {
  EXPECT_EQ(in_child([this] {
              const auto report = drop_privileges(state_);
              if (!report || report->warning.find("filter") != std::string::npos) return 1;
              ::execl("/bin/true", "true", nullptr);
              return errno == EPERM ? 42 : 2;
            }),
            42);
}

TEST_F(PrivilegesTest, NoNewPrivilegesAndNoCoreFile) {
  EXPECT_EQ(in_child([this] {
              if (!drop_privileges(state_)) return 1;
              return ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 && ::prctl(PR_GET_DUMPABLE) == 0
                         ? 42
                         : 2;
            }),
            42);
}

TEST_F(PrivilegesTest, StayingRootIsToldAndBeingNobodyIsNot) {
  EXPECT_EQ(in_child([this] {
              const auto report = drop_privileges(state_);
              if (!report) return 1;
              return (::geteuid() == 0) == !report->warning.empty() ? 42 : 2;
            }),
            42);
}

}  // namespace
}  // namespace assay::agent
