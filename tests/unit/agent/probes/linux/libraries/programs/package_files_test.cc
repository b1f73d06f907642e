#include "agent/probes/linux/libraries/programs/package_files.h"

#include <gtest/gtest.h>

#include <set>

#include "agent/host/failing_host.h"
#include "tests/unit/agent/probes/fixture_host.h"
#include "tests/unit/agent/probes/linux/libraries/programs/machine.h"

namespace assay::agent {
namespace {

using Left = std::set<std::string>;

Left left_of(Host& host, PathSet paths) {
  const auto removed = remove_packaged(host, paths);
  EXPECT_TRUE(removed) << (removed ? "" : removed.error().message());
  return Left(paths.begin(), paths.end());
}

TEST(PackageFilesTest, WhatAListNamesIsOwned) {
  Machine machine;
  machine.add_owned("/usr/bin/ls", "coreutils");
  EXPECT_EQ(left_of(machine.host, {"/usr/bin/ls", "/usr/bin/lsx"}), Left{"/usr/bin/lsx"});
}

TEST(PackageFilesTest, AMergedBinHasTwoNames) {
  Machine machine;
  machine.add_owned("/bin/ls");
  machine.add_owned("/lib/systemd/systemd");
  machine.host.links["/lib"] = "usr/lib";
  machine.add_program("/usr/lib/systemd/systemd");
  EXPECT_EQ(left_of(machine.host, {"/usr/bin/ls", "/usr/lib/systemd/systemd"}), Left{});
}

TEST(PackageFilesTest, WhereBinIsAFolderOfItsOwnItHasOneName) {
  Machine machine;
  machine.host.links.erase("/bin");
  machine.host.files["/bin/ls"] = "";
  machine.add_owned("/bin/ls");
  EXPECT_EQ(left_of(machine.host, {"/usr/bin/ls", "/bin/ls"}), Left{"/usr/bin/ls"});
}

TEST(PackageFilesTest, ADivertedFileIsOwnedUnderItsNewName) {
  Machine machine;
  machine.host.files["/var/lib/dpkg/diversions"] = "/usr/bin/x\n/usr/bin/x.orig\nother\n";
  machine.add_owned("/usr/bin/x", "first");
  machine.add_owned("/usr/bin/x", "other");
  EXPECT_EQ(left_of(machine.host, {"/usr/bin/x", "/usr/bin/x.orig"}), Left{});
}

TEST(PackageFilesTest, WhatAPersonPutInTheDivertedPlaceIsNobodys) {
  Machine machine;
  machine.host.files["/var/lib/dpkg/diversions"] = "/usr/bin/x\n/usr/bin/x.orig\n:\n";
  machine.add_owned("/usr/bin/x", "first");
  EXPECT_EQ(left_of(machine.host, {"/usr/bin/x", "/usr/bin/x.orig"}), Left{"/usr/bin/x"});
}

TEST(PackageFilesTest, ListsOfApkAreKnown) {
  MemoryHost host;
  host.files["/lib/apk/db/installed"] =
      "P:busybox\nF:bin\nR:busybox\na:0:0:755\nF:usr/bin\nR:x\n\nP:empty\n\n";
  EXPECT_EQ(left_of(host, {"/bin/busybox", "/usr/bin/x", "/usr/bin/y"}), Left{"/usr/bin/y"});
}

TEST(PackageFilesTest, SnapsAndFlatpaksOwnTheirFolders) {
  Machine machine;
  EXPECT_EQ(left_of(machine.host, {"/snap/code/1/bin/code", "/var/lib/flatpak/exports/bin/x"}),
            Left{});
}

TEST(PackageFilesTest, WithoutAnyListNothingIsKnown) {
  MemoryHost host;
  PathSet paths{"/usr/bin/ls"};
  EXPECT_EQ(remove_packaged(host, paths).error().code(), Code::kNotSupported);
}

class RpmDatabaseTest : public testing::TestWithParam<const char*> {};

TEST_P(RpmDatabaseTest, WhatAnRpmListsIsOwnedWhateverTheFormOfTheDatabase) {
  auto host = fixture_host(GetParam());
  const std::string folder = "/usr/share/assay-large/";
  EXPECT_EQ(left_of(host, {folder + "a-file-with-a-long-name-7", folder + "nobodys"}),
            Left{folder + "nobodys"});
}

INSTANTIATE_TEST_SUITE_P(Forms, RpmDatabaseTest,
                         testing::Values("rpm_sqlite", "rpm_ndb", "rpm_bdb"));

TEST(PackageFilesTest, ABrokenRpmDatabaseIsAnErrorNotAnEmptyOne) {
  MemoryHost host;
  host.files["/var/lib/rpm/rpmdb.sqlite"] = "no database";
  PathSet paths{"/usr/bin/ls"};
  EXPECT_EQ(remove_packaged(host, paths).error().code(), Code::kInvalidData);
}

TEST(PackageFilesTest, WhereSbinLeadsToBinItsFilesAreFound) {
  Machine machine;
  machine.host.links["/usr/sbin"] = "bin";
  machine.host.links["/sbin"] = "usr/sbin";
  machine.add_owned("/usr/sbin/x");
  machine.add_owned("/sbin/y");
  EXPECT_EQ(left_of(machine.host, {"/usr/bin/x", "/usr/bin/y"}), Left{});
}

TEST(PackageFilesTest, AListThatCannotBeReadIsAnError) {
  Machine machine;
  FailingHost host(machine.host);
  host.fail_path("/var/lib/dpkg/info/base.list", Error(Code::kIo, "no"));
  PathSet paths{"/usr/bin/ls"};
  EXPECT_EQ(remove_packaged(host, paths).error().code(), Code::kIo);
}

TEST(PackageFilesTest, BrokenDiversionsAreAnError) {
  EXPECT_EQ(parse_diversions("/a\n/b\n").error().code(), Code::kInvalidData);
  EXPECT_EQ(parse_diversions("/a\nb\nc\n").error().code(), Code::kInvalidData);
  EXPECT_EQ(parse_diversions("")->size(), 0U);
}

}  // namespace
}  // namespace assay::agent
