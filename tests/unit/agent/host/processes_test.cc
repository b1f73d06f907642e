#include "agent/host/processes.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "agent/host/live_host.h"
#include "agent/host/recording_host.h"
#include "tests/unit/agent/memory_host.h"

namespace assay::agent {
namespace {

TEST(ProcessesTest, FindsThisProgram) {
  const auto processes = list_processes();
  ASSERT_TRUE(processes);
  const auto self = std::ranges::find(*processes, ::getpid(), &Process::pid);
  ASSERT_NE(self, processes->end());
  EXPECT_TRUE(self->path.ends_with("/agent_host_test")) << self->path;
  EXPECT_EQ(self->name, "agent_host_test");
  EXPECT_EQ(self->uid, ::geteuid());
  EXPECT_FALSE(self->is_deleted);
}

TEST(ProcessesTest, AScanSeesOneAnswer) {
  LiveHost host;
  const auto first = host.processes();
  EXPECT_EQ(host.processes().value(), first.value());
}

TEST(ProcessesTest, AnImageHasNone) {
  EXPECT_EQ(LiveHost("/tmp").processes().error().code(), Code::kNotSupported);
}

TEST(ProcessesTest, TheSameProgramsUnderOtherNumbersAreNoChange) {
  MemoryHost host;
  host.running = {{.pid = 10, .name = "sshd", .path = "/usr/sbin/sshd"}};
  RecordingHost recording(host);
  (void)recording.processes();
  const auto trace = recording.take();
  host.running = {{.pid = 11, .name = "sshd", .path = "/usr/sbin/sshd"},
                  {.pid = 12, .name = "sshd", .path = "/usr/sbin/sshd"}};
  EXPECT_TRUE(SecondLook(host).unchanged(trace));
  host.running[1].is_deleted = true;
  EXPECT_FALSE(SecondLook(host).unchanged(trace));
}

}  // namespace
}  // namespace assay::agent
