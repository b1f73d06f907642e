#include "agent/state/state_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {
namespace {

unsigned mode_of(const std::string& path) {
  struct stat status{};
  EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
  return status.st_mode & 07777U;
}

TEST(StateFolder, PreparesEveryFolderWithItsMode) {
  const ScratchFolder scratch;
  const StateFolder state(scratch.root() + "/var/lib/assay");
  ASSERT_TRUE(state.prepare());
  ASSERT_TRUE(state.prepare());
  EXPECT_EQ(mode_of(state.path()), 0750U);
  EXPECT_EQ(mode_of(state.identity()), 0700U);
  EXPECT_EQ(mode_of(state.spool()), 02750U);
  EXPECT_EQ(mode_of(state.verdicts()), 0750U);
}

TEST(StateFolder, PreparingMendsAModeThatIsTooWide) {
  const ScratchFolder scratch;
  const StateFolder state(scratch.root() + "/assay");
  ASSERT_TRUE(state.prepare());
  ASSERT_EQ(::chmod(state.identity().c_str(), 0755), 0);
  ASSERT_TRUE(state.prepare());
  EXPECT_EQ(mode_of(state.identity()), 0700U);
}

TEST(StateFolder, DoesNotFollowALinkInThePlaceOfAFolder) {
  const ScratchFolder scratch;
  const StateFolder state(scratch.root() + "/assay");
  std::filesystem::create_directory(state.path());
  scratch.link("assay/identity", scratch.root());
  EXPECT_FALSE(state.prepare());
}

TEST(StateFolder, OneLockAtATime) {
  const ScratchFolder scratch;
  const StateFolder state(scratch.root() + "/assay");
  ASSERT_TRUE(state.prepare());
  {
    const auto first = state.lock();
    ASSERT_TRUE(first);
    EXPECT_EQ(state.lock().error().code(), Code::kConflict);
  }
  EXPECT_TRUE(state.lock());
}

}  // namespace
}  // namespace assay::agent
