#include "agent/probes/linux/updates/restart/reboot_required.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "agent/probes/linux/updates/restart/deleted_files.h"
#include "agent/probes/linux/updates/restart/running_kernel.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

std::string package(const std::string& name, const std::string& version) {
  return "Package: " + name + "\nStatus: install ok installed\nVersion: " + version + "\n\n";
}

// Debian whose kernel is the newest that is installed.
class RebootRequiredTest : public testing::Test {
 protected:
  RebootRequiredTest() {
    host_.files = {
        {"/proc/sys/kernel/osrelease", "6.1.0-37-amd64\n"},
        {"/proc/sys/kernel/version", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.140-1 (2025-05-22)\n"},
        {kStatus,
         package("linux-image-6.1.0-37-amd64", "6.1.140-1") + package("linux-image-amd64", "9")}};
  }
  std::string shown(const std::vector<std::string_view>& columns) {
    const auto table = good(collect_reboot_required(host_));
    return table.rows().empty() ? "none" : row(table, 0, columns);
  }
  static constexpr const char* kStatus = "/var/lib/dpkg/status";
  MemoryHost host_;
};

TEST_F(RebootRequiredTest, NothingToDoOnTheNewestKernel) {
  EXPECT_EQ(shown({"reason"}), "none");
}

TEST_F(RebootRequiredTest, ANewerKernelIsInstalled) {
  host_.files[kStatus] += package("linux-image-6.1.0-38-amd64", "6.1.147-1");
  EXPECT_EQ(shown({"reason", "name", "running", "installed"}),
            "kernel|6.1.0-37-amd64|6.1.140-1|6.1.147-1");
}

TEST_F(RebootRequiredTest, TheSameReleaseWasInstalledAnew) {
  host_.files[kStatus] = package("linux-image-6.1.0-37-amd64", "6.1.147-1");
  EXPECT_EQ(shown({"running", "installed"}), "6.1.140-1|6.1.147-1");
}

TEST_F(RebootRequiredTest, KernelsOfAnotherFlavourDoNotCount) {
  host_.files[kStatus] += package("linux-image-6.1.0-38-cloud-amd64", "6.1.147-1");
  EXPECT_EQ(shown({"reason"}), "none");
}

TEST_F(RebootRequiredTest, AKernelOfNoPackageIsUnknownNotFine) {
  host_.files["/proc/sys/kernel/osrelease"] = "6.18.44-fc\n";
  host_.files["/proc/sys/kernel/version"] = "#1 SMP\n";
  EXPECT_EQ(shown({"reason", "installed", "unknown_reason"}),
            "kernel|NULL|the running kernel belongs to no installed package: a container's, or "
            "built by hand");
}

TEST_F(RebootRequiredTest, AKernelWhosePackageIsGoneIsOlderThanItsSuccessor) {
  host_.files["/proc/sys/kernel/osrelease"] = "6.8.0-45-generic\n";
  host_.files["/proc/sys/kernel/version"] = "#45-Ubuntu SMP\n";
  host_.files[kStatus] = package("linux-image-6.8.0-51-generic", "6.8.0-51.52");
  EXPECT_EQ(shown({"reason", "running", "installed", "unknown_reason"}),
            "kernel|6.8.0-45-generic|6.8.0-51-generic|NULL");
}

TEST_F(RebootRequiredTest, APackageAsksForIt) {
  host_.files["/run/reboot-required"] = "*** System restart required ***\n";
  EXPECT_EQ(shown({"reason", "name", "source"}), "requested|NULL|/run/reboot-required");
  host_.files["/run/reboot-required.pkgs"] = "libc6\n";
  EXPECT_EQ(shown({"reason", "name", "source"}), "requested|libc6|/run/reboot-required.pkgs");
}

TEST_F(RebootRequiredTest, AServiceUsesALibraryThatWasReplaced) {
  host_.running = {{.pid = 7, .name = "nginx", .path = "/usr/sbin/nginx"}};
  host_.add_process(7, "nginx", "/usr/sbin/nginx", "0::/system.slice/nginx.service\n");
  host_.files["/proc/7/maps"] =
      "7f00-7f01 r-xp 00000000 fd:00 12      /usr/lib/x86_64-linux-gnu/libssl.so.3 (deleted)\n";
  EXPECT_EQ(shown({"reason", "name", "unit", "file"}),
            "deleted_library|nginx|nginx.service|/usr/lib/x86_64-linux-gnu/libssl.so.3");
}

TEST_F(RebootRequiredTest, AProgramWasReplacedWhileItRuns) {
  host_.running = {{.pid = 7, .name = "sshd", .path = "/usr/sbin/sshd", .is_deleted = true}};
  EXPECT_EQ(shown({"reason", "path", "file"}), "deleted_executable|/usr/sbin/sshd|/usr/sbin/sshd");
}

TEST_F(RebootRequiredTest, ProcessesThatMayNotBeLookedAtMakeItUnknown) {
  host_.running = {{.pid = 7, .name = "a"}};
  FailingHost host(host_);
  host.fail_path("/proc/7/maps", Error(Code::kPermissionDenied, "not ours"));
  EXPECT_EQ(
      cell(good(collect_reboot_required(host)), "reason", "deleted_library", "unknown_reason"),
      "1 processes may not be looked at");
}

TEST_F(RebootRequiredTest, WithoutDpkgTheFoldersOfModulesTell) {
  host_.files = {{"/proc/sys/kernel/osrelease", "5.14.0-70.el9.x86_64\n"},
                 {"/usr/lib/modules/5.14.0-70.el9.x86_64/modules.dep", ""},
                 {"/usr/lib/modules/5.14.0-427.13.1.el9_4.x86_64/modules.dep", ""},
                 {"/usr/lib/modules/9.9.9-1.x86_64/left-over", ""}};
  EXPECT_EQ(shown({"reason", "running", "installed"}),
            "kernel|5.14.0-70.el9.x86_64|5.14.0-427.13.1.el9_4.x86_64");
}

TEST_F(RebootRequiredTest, AnImageHasNoRunningKernel) {
  host_.live = false;
  EXPECT_EQ(collect_reboot_required(host_).error().code(), Code::kNotSupported);
}

TEST(DeletedFilesTest, OnlyCodeOfTheSystemCounts) {
  for (const auto* line :
       {"1-2 rw-s 0 00:01 5 /dev/zero (deleted)", "1-2 r-xp 0 00:01 5 /memfd:x (deleted)",
        "1-2 r-xp 0 00:01 5 /home/a/x.so (deleted)", "1-2 r--p 0 00:01 5 /usr/lib/x.so (deleted)",
        "1-2 r-xp 0 00:01 5 /usr/lib/x.so", "1-2 r-xp 0 00:01 5 /usr/lib/x (deleted).so", ""})
    EXPECT_EQ(first_deleted_file(line), "") << line;
}

TEST(RunningKernelTest, FlavoursThatAreNumberedAnewAreTheSame) {
  const auto state = compare_with_folders("6.9.1-arch1-1", {"6.9.1-arch1-1", "6.9.3-arch2-1"});
  EXPECT_TRUE(state.is_outdated);
  EXPECT_FALSE(compare_with_folders("6.6.1-0-lts", {"6.6.1-0-lts", "6.9.1-0-edge"}).is_outdated);
}

TEST(RunningKernelTest, ReleasesAreComparedByNumbers) {
  EXPECT_LT(compare_releases("5.14.0-70.el9", "5.14.0-427.el9"), 0);
  EXPECT_LT(compare_releases("5.14.0-70.el9", "5.14.0-70.1.1.el9"), 0);
  EXPECT_GT(compare_releases("6.10.1-lts", "6.9.12-lts"), 0);
  EXPECT_EQ(compare_releases("6.1", "6.1"), 0);
}

}  // namespace
}  // namespace assay::agent
