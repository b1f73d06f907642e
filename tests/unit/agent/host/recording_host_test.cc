#include "agent/host/recording_host.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "agent/host/live_host.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMax = 1000;

class RecordingHostTest : public testing::Test {
 protected:
  template <typename Look>
  Trace record(Look look) {
    RecordingHost recording(host_);
    look(recording);
    return recording.take();
  }
  static void read(Host& host, std::string_view path) { (void)host.read_file(path, kMax); }

  MemoryHost host_;
};

TEST_F(RecordingHostTest, AnUntouchedMachineIsUnchanged) {
  host_.files = {{"/etc/passwd", "root"}, {"/proc/self/status", "Name: x"}};
  host_.sockets = {{.protocol = 6, .family = 2, .address = "::", .port = 22, .inode = 7}};
  const auto trace = record([](Host& host) {
    read(host, "/etc/passwd");
    read(host, "/proc/self/status");
    (void)host.list_directory("/etc", kMax);
    (void)host.listening_sockets();
  });
  EXPECT_EQ(trace.size(), 4U);
  EXPECT_TRUE(SecondLook(host_).unchanged(trace));
}

TEST_F(RecordingHostTest, SeesThatAFileChanged) {
  host_.files = {{"/etc/passwd", "root"}};
  const auto trace = record([](Host& host) { read(host, "/etc/passwd"); });
  host_.files["/etc/passwd"] = "root and more";
  EXPECT_FALSE(SecondLook(host_).unchanged(trace));
}

TEST_F(RecordingHostTest, AFileReadInPiecesIsRememberedOnce) {
  host_.files = {{"/big", std::string(5000, 'x')}, {"/other", "y"}};
  const auto trace = record([](Host& host) {
    for (std::uint64_t at = 0; at < 5000; at += 10) {
      (void)host.read_range("/big", at, 10);
      read(host, "/other");
    }
  });
  EXPECT_EQ(trace.size(), 2U);
  EXPECT_TRUE(SecondLook(host_).unchanged(trace));
  host_.files["/big"] += "more";
  EXPECT_FALSE(SecondLook(host_).unchanged(trace));
}

TEST_F(RecordingHostTest, SeesThatAMissingFileAppeared) {
  const auto trace = record([](Host& host) { read(host, "/etc/new"); });
  EXPECT_TRUE(SecondLook(host_).unchanged(trace));
  host_.files["/etc/new"] = "here";
  EXPECT_FALSE(SecondLook(host_).unchanged(trace));
}

TEST_F(RecordingHostTest, FollowsLinksToWhatWasRead) {
  host_.files = {{"/etc/../usr/lib/os-release", "ID=debian"}};
  host_.links = {{"/etc/os-release", "../usr/lib/os-release"}};
  const auto trace = record([](Host& host) { read(host, "/etc/os-release"); });
  EXPECT_TRUE(SecondLook(host_).unchanged(trace));
  host_.files["/etc/../usr/lib/os-release"] += "\n";
  EXPECT_FALSE(SecondLook(host_).unchanged(trace));
}

TEST_F(RecordingHostTest, ComparesKernelFilesByContent) {
  host_.files = {{"/proc/1/cgroup", "0::/a"}};
  const auto trace = record([](Host& host) { read(host, "/proc/1/cgroup"); });
  host_.changed_ns = 99;
  EXPECT_TRUE(SecondLook(host_).unchanged(trace));
  host_.files["/proc/1/cgroup"] = "0::/b";
  EXPECT_FALSE(SecondLook(host_).unchanged(trace));
}

TEST_F(RecordingHostTest, OverlooksWhatFlickersInKernelFiles) {
  host_.files = {{"/proc/meminfo", "MemTotal: 8 kB\nMemFree: 3 kB\n"},
                 {"/proc/cpuinfo", "model name : x\ncpu MHz : 1.5\n"}};
  const auto trace = record([](Host& host) {
    read(host, "/proc/meminfo");
    read(host, "/proc/cpuinfo");
  });
  host_.files["/proc/meminfo"] = "MemTotal: 8 kB\nMemFree: 1 kB\n";
  host_.files["/proc/cpuinfo"] = "model name : x\ncpu MHz : 2.5\n";
  EXPECT_TRUE(SecondLook(host_).unchanged(trace));
  host_.files["/proc/cpuinfo"] = "model name : y\ncpu MHz : 2.5\n";
  EXPECT_FALSE(SecondLook(host_).unchanged(trace));
}

TEST_F(RecordingHostTest, SeesAnotherSocketAndAnotherOwner) {
  host_.sockets = {{.port = 22, .inode = 7}};
  host_.owners = {{7, 100}};
  host_.add_process(100, "sshd", "/usr/sbin/sshd");
  const auto sockets = record([](Host& host) { (void)host.listening_sockets(); });
  const auto owners = record([](Host& host) { (void)host.socket_owners({7}); });
  EXPECT_TRUE(SecondLook(host_).unchanged(owners));
  host_.links["/proc/100/exe"] = "/usr/sbin/dropbear";
  EXPECT_FALSE(SecondLook(host_).unchanged(owners));
  host_.sockets.push_back({.port = 23, .inode = 8});
  EXPECT_FALSE(SecondLook(host_).unchanged(sockets));
}

TEST_F(RecordingHostTest, AFailureThatGoesAwayIsAChange) {
  host_.files = {{"/etc/shadow", "x"}};
  FailingHost failing(host_);
  failing.fail_path("/etc/shadow", Error(Code::kPermissionDenied, "no"));
  RecordingHost recording(failing);
  read(recording, "/etc/shadow");
  const auto trace = recording.take();
  EXPECT_TRUE(SecondLook(failing).unchanged(trace));
  EXPECT_FALSE(SecondLook(host_).unchanged(trace));
}

// Two writes within one tick of the file system's clock leave the same times.
TEST_F(RecordingHostTest, AFileThatHasJustChangedIsNotTrusted) {
  host_.files = {{"/etc/passwd", "root"}};
  host_.changed_ns = (host_.now_seconds - 1) * 1'000'000'000;
  EXPECT_FALSE(SecondLook(host_).unchanged(record([](Host& host) { read(host, "/etc/passwd"); })));
}

TEST_F(RecordingHostTest, TakeStartsAnew) {
  RecordingHost recording(host_);
  read(recording, "/etc/a");
  EXPECT_EQ(recording.take().size(), 1U);
  EXPECT_EQ(recording.take().size(), 0U);
}

TEST(RecordingLiveHostTest, SeesAFileThatWasRewrittenInPlace) {
  const ScratchFolder folder;
  folder.write("etc/conf", "one");
  LiveHost host(folder.root());
  RecordingHost recording(host);
  ASSERT_EQ(recording.read_file("/etc/conf", kMax).value(), "one");
  const auto trace = recording.take();
  folder.write("etc/conf", "two");
  EXPECT_FALSE(SecondLook(host).unchanged(trace));
}

}  // namespace
}  // namespace assay::agent
