#include "agent/probes/linux/software/deb_packages.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "agent/host/failing_host.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/fixture_host.h"
#include "tests/unit/agent/rows.h"
#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {
namespace {

constexpr const char* kStatus = "/var/lib/dpkg/status";
constexpr const char* kGood = "Package: a\nStatus: install ok installed\nVersion: 1\n\n";

Error failure(Host& host) {
  auto table = collect_deb_packages(host);
  EXPECT_FALSE(table.has_value());
  return table ? Error(Code::kInternal, "no failure") : table.error();
}

TEST(DebPackagesTest, FillsEveryColumn) {
  auto host = fixture_host("debian12");
  const auto table = good(collect_deb_packages(host));
  EXPECT_EQ(table.rows().size(), 6U);
  EXPECT_EQ(row(table, 3, {"name", "version", "source", "size", "arch", "revision", "status"}),
            "libattr1|1:2.5.1-4+b1|attr (1:2.5.1-4)|58368|amd64|4+b1|install ok installed");
  EXPECT_EQ(row(table, 3, {"maintainer", "section", "priority", "admindir"}),
            "Guillem Jover <guillem@debian.org>|libs|optional|/var/lib/dpkg");
}

TEST(DebPackagesTest, WhatIsNotRecordedIsNull) {
  auto host = fixture_host("debian12");
  const auto table = good(collect_deb_packages(host));
  EXPECT_EQ(row(table, 5, {"name", "revision", "size", "section", "priority", "source"}),
            "native-tool|NULL|NULL|NULL|NULL|NULL");
}

TEST(DebPackagesTest, KeepsRemovedPackagesWithTheirStatus) {
  auto host = fixture_host("debian12");
  EXPECT_EQ(cell(good(collect_deb_packages(host)), "name", "telnetd", "status"),
            "deinstall ok config-files");
}

TEST(DebPackagesTest, PurlIsCanonical) {
  auto host = fixture_host("debian12");
  const auto table = good(collect_deb_packages(host));
  EXPECT_EQ(cell(table, "name", "libgcc-s1", "purl"),
            "pkg:deb/debian/libgcc-s1@12.2.0-14%2Bdeb12u1?arch=amd64&distro=debian-12");
  EXPECT_EQ(cell(table, "name", "libattr1", "purl"),
            "pkg:deb/debian/libattr1@1:2.5.1-4%2Bb1?arch=amd64&distro=debian-12");
}

TEST(DebPackagesTest, WithoutAKnownDistributionThereIsNoPurl) {
  MemoryHost host;
  host.files = {{kStatus, kGood}};
  EXPECT_EQ(cell(good(collect_deb_packages(host)), "name", "a", "purl"), "NULL");
}

TEST(DebPackagesTest, ReadsTheStatusFolderOfDistrolessImages) {
  auto host = fixture_host("distroless");
  const auto table = good(collect_deb_packages(host));
  EXPECT_EQ(table.rows().size(), 2U);
  EXPECT_EQ(cell(table, "name", "tzdata", "status"), "install ok installed");
}

TEST(DebPackagesTest, WithoutDpkgThereIsNoTable) {
  MemoryHost host;
  EXPECT_EQ(failure(host).code(), Code::kNotFound);
}

TEST(DebPackagesTest, ATruncatedStatusIsAnErrorNotHalfATable) {
  MemoryHost host;
  host.files = {{kStatus, std::string(kGood) + "Package: b\nStatus: install ok ins"}};
  const auto error = failure(host);
  EXPECT_EQ(error.code(), Code::kInvalidData);
  EXPECT_EQ(error.message(),
            "reading /var/lib/dpkg/status: line 6: the file ends in the middle of a line");
}

TEST(DebPackagesTest, AFileCutBetweenTwoLinesIsFoundOutByTheListsOfFiles) {
  MemoryHost host;
  host.files = {{kStatus, "Package: a\nStatus: install ok installed\nVersion: 1\n"},
                {"/var/lib/dpkg/info/a.list", ""},
                {"/var/lib/dpkg/info/a:i386.list", ""}};
  EXPECT_EQ(good(collect_deb_packages(host)).rows().size(), 1U);
  host.files["/var/lib/dpkg/info/b:amd64.list"] = "";
  EXPECT_EQ(failure(host).message(),
            "reading /var/lib/dpkg/status: the file is cut short: it lacks b, which "
            "/var/lib/dpkg/info lists");
}

TEST(DebPackagesTest, AFileCutBetweenTwoPackagesIsFoundOutToo) {
  MemoryHost host;
  host.files = {{kStatus, kGood}, {"/var/lib/dpkg/info/never-seen.list", ""}};
  EXPECT_EQ(failure(host).code(), Code::kInvalidData);
}

TEST(DebPackagesTest, AnEmptiedStatusIsNotAMachineWithoutPackages) {
  MemoryHost host;
  host.files = {{kStatus, ""}, {"/var/lib/dpkg/info/a.list", ""}};
  EXPECT_EQ(failure(host).code(), Code::kInvalidData);
}

TEST(DebPackagesTest, AnOversizedStatusIsRefused) {
  MemoryHost host;
  host.files = {{kStatus, std::string((64U << 20U) + 1, '\n')}};
  EXPECT_EQ(failure(host).code(), Code::kTooLarge);
}

TEST(DebPackagesTest, InvalidUtf8IsKept) {
  MemoryHost host;
  host.files = {
      {kStatus, "Package: a\nStatus: install ok installed\nVersion: 1\nSection: \xff\n\n"}};
  EXPECT_EQ(cell(good(collect_deb_packages(host)), "name", "a", "section"), "\xff");
}

// An image whose database is one of the traps that a hostile image can set.
class DebPackagesTrapTest : public testing::Test {
 protected:
  DebPackagesTrapTest() { folder_.write("root/var/lib/dpkg/info/a.list", ""); }
  Code failure_code() {
    LiveHost host(folder_.root() + "/root");
    return failure(host).code();
  }
  std::string status_path() const { return folder_.root() + "/root" + kStatus; }
  ScratchFolder folder_;
};

TEST_F(DebPackagesTrapTest, AFifoIsNotWaitedFor) {
  ASSERT_EQ(::mkfifo(status_path().c_str(), 0600), 0);
  EXPECT_EQ(failure_code(), Code::kInvalidData);
}

TEST_F(DebPackagesTrapTest, AnAbsoluteLinkOutOfTheImageLeadsNowhere) {
  folder_.write("status", kGood);
  folder_.link("root/var/lib/dpkg/status", folder_.root() + "/status");
  EXPECT_EQ(failure_code(), Code::kNotFound);
}

TEST_F(DebPackagesTrapTest, ALinkThatClimbsOutOfTheImageLeadsNowhere) {
  folder_.write("status", kGood);
  folder_.link("root/var/lib/dpkg/status", "../../../../status");
  EXPECT_EQ(failure_code(), Code::kNotFound);
}

TEST(DebPackagesTest, AFailureOfTheMachineIsPassedOn) {
  auto image = fixture_host("debian12");
  for (const auto* path : {kStatus, "/var/lib/dpkg/status.d"}) {
    FailingHost host(image);
    host.fail_path(path, Error(Code::kIo, "disk on fire"));
    EXPECT_EQ(failure(host).code(), Code::kIo) << path;
  }
}

}  // namespace
}  // namespace assay::agent
