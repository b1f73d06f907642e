#include "agent/probes/linux/libraries/programs/programs.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "agent/probes/linux/libraries/programs/own_root.h"
#include "agent/probes/linux/libraries/programs/real_paths.h"
#include "tests/unit/agent/probes/linux/libraries/programs/machine.h"

namespace assay::agent {
namespace {

// "path P": in PATH, "path R": running, "path X": replaced.
std::vector<std::string> found_on(Host& host) {
  const auto programs = find_programs(host);
  EXPECT_TRUE(programs) << programs.error().message();
  std::vector<std::string> found;
  if (!programs) return found;
  for (const auto& program : programs->all)
    found.push_back(program.path + " " + (program.in_path ? "P" : "") +
                    (program.is_running ? "R" : "") + (program.is_replaced ? "X" : ""));
  return found;
}

using Found = std::vector<std::string>;

TEST(ProgramsTest, FindsExecutableFilesOfPathFolders) {
  Machine machine;
  machine.add_program("/usr/bin/ls");
  machine.add_program("/usr/bin/notes", "text", 0644);
  machine.add_program("/opt/x/bin/x");
  EXPECT_EQ(found_on(machine.host), (Found{"/usr/bin/ls P"}));
}

TEST(ProgramsTest, ALinkedFolderIsLookedIntoOnce) {
  Machine machine;
  machine.add_program("/usr/bin/ls");
  machine.run(7, "/usr/bin/ls");
  EXPECT_EQ(found_on(machine.host), (Found{"/usr/bin/ls PR"}));
}

TEST(ProgramsTest, ALinkStandsForWhatItLeadsTo) {
  Machine machine;
  machine.add_program("/opt/tool-1.2/tool");
  machine.host.links["/opt/tool"] = "tool-1.2";
  machine.host.links["/usr/local/bin/tool"] = "../../../opt/tool/tool";
  machine.host.links["/usr/local/bin/gone"] = "/opt/gone";
  machine.host.links["/usr/local/bin/self"] = "self";
  EXPECT_EQ(found_on(machine.host), (Found{"/opt/tool-1.2/tool P"}));
}

TEST(ProgramsTest, AProgramThatRunsFromElsewhereIsFound) {
  Machine machine;
  machine.add_program("/dev/shm/miner");
  machine.run(7, "/dev/shm/miner");
  EXPECT_EQ(found_on(machine.host), (Found{"/dev/shm/miner R"}));
}

TEST(ProgramsTest, AProgramWhoseFileIsGoneIsFound) {
  Machine machine;
  machine.run(7, "/tmp/x", true);
  machine.run(8, "/memfd:x", true);
  EXPECT_EQ(found_on(machine.host), (Found{"/memfd:x RX", "/tmp/x RX"}));
}

TEST(ProgramsTest, ProcessesOfContainersAreLeftOut) {
  Machine machine;
  machine.add_program("/usr/bin/nginx");
  machine.run(7, "/usr/bin/nginx");
  machine.put_elsewhere(7, Machine::kContainer);
  EXPECT_EQ(found_on(machine.host), (Found{"/usr/bin/nginx P"}));
}

TEST(ProgramsTest, AServiceWithItsOwnTmpIsNoContainer) {
  Machine machine;
  machine.add_program("/opt/service");
  machine.run(7, "/opt/service");
  machine.put_elsewhere(7, Machine::kPrivateTmp);
  EXPECT_EQ(found_on(machine.host), (Found{"/opt/service R"}));
}

TEST(ProgramsTest, AProcessThatEndedMeanwhileIsLeftOut) {
  Machine machine;
  machine.run(7, "/opt/service");
  machine.host.links.erase("/proc/7/ns/mnt");
  EXPECT_EQ(found_on(machine.host), Found{});
}

TEST(ProgramsTest, ProcessesThatWeMayNotLookAtAreTold) {
  Machine machine;
  machine.run(7, "");
  machine.run(8, "");
  const auto programs = *find_programs(machine.host);
  ASSERT_EQ(programs.unknown.size(), 1U);
  EXPECT_EQ(programs.unknown[0].why, "some processes may not be looked at, the first is x");
}

TEST(ProgramsTest, OfAnImageNothingRuns) {
  Machine machine;
  machine.add_program("/usr/bin/ls");
  machine.host.live = false;
  EXPECT_EQ(found_on(machine.host), (Found{"/usr/bin/ls P"}));
}

TEST(ProgramsTest, WithoutAnyFolderOfProgramsNothingIsKnown) {
  MemoryHost host;
  host.live = false;
  EXPECT_EQ(find_programs(host).error().code(), Code::kNotFound);
}

TEST(ProgramsTest, AFolderOnTheNetworkIsToldNotTouched) {
  Machine machine;
  machine.host.files["/proc/self/mountinfo"] =
      std::string(Machine::kRoot) + "2 1 0:50 / /home rw - nfs4 server:/home rw\n";
  machine.host.files["/etc/passwd"] = "a:x:9:9::/home/a:/bin/sh\n";
  machine.add_program("/home/a/bin/x");
  const auto programs = *find_programs(machine.host);
  EXPECT_EQ(programs.all.size(), 0U);
  ASSERT_EQ(programs.unknown.size(), 4U);
  EXPECT_EQ(programs.unknown[0].path, "/home/a/.cargo/bin");
}

TEST(ProgramsTest, AFolderThatCannotBeListedIsTold) {
  Machine machine;
  machine.add_program("/usr/bin/ls");
  machine.add_program("/usr/games/chess");
  FailingHost host(machine.host);
  host.fail_path("/usr/games", Error(Code::kPermissionDenied, "no"));
  const auto programs = *find_programs(host);
  EXPECT_EQ(programs.all.size(), 1U);
  EXPECT_EQ(programs.unknown.at(0).path, "/usr/games");
}

TEST(RealPathsTest, FollowsLinksAsTheKernelDoes) {
  MemoryHost host;
  host.files["/a/b/file"] = "";
  host.links = {{"/l", "a"}, {"/a/up", "../a/b/"}, {"/round", "round"}, {"/root", "/"}};
  RealPaths real(host);
  EXPECT_EQ(real.of("/l/up/file"), "/a/b/file");
  EXPECT_EQ(real.of("//a/./b/../b/file"), "/a/b/file");
  EXPECT_EQ(real.of("/root/../../a/b"), "/a/b");
  EXPECT_EQ(real.of("/"), "/");
  EXPECT_EQ(real.of("/round").error().code(), Code::kInvalidData);
  EXPECT_EQ(real.of("/none/x").error().code(), Code::kNotFound);
}

TEST(OwnRootTest, TheLastMountOnTheRootCounts) {
  EXPECT_EQ(root_in_mount_info("1 0 8:1 / / rw\n2 1 8:2 /x /home rw\n3 1 8:3 /y / rw\n"), "8:3 /y");
  EXPECT_EQ(root_in_mount_info("nonsense\n\n"), "");
}

}  // namespace
}  // namespace assay::agent
