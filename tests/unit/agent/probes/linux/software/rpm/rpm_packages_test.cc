#include "agent/probes/linux/software/rpm/rpm_packages.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "tests/unit/agent/map_host.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/fixture_host.h"
#include "tests/unit/agent/probes/linux/software/rpm/header_bytes.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

constexpr const char* kNdb = "/usr/lib/sysimage/rpm/Packages.db";

std::string ndb() {
  return read_fixture("rpm_ndb/usr/lib/sysimage/rpm/Packages.db");
}

class RpmPackagesTest : public testing::TestWithParam<const char*> {};

TEST_P(RpmPackagesTest, FillsEveryColumnWhateverTheFormOfTheDatabase) {
  auto host = fixture_host(GetParam());
  const auto table = good(collect_rpm_packages(host));
  ASSERT_EQ(table.rows().size(), 3U);
  std::size_t large = 0;
  while (row(table, large, {"name"}) != "assay-large") ++large;
  EXPECT_EQ(row(table, large, {"version", "release", "epoch", "arch", "size", "vendor"}),
            "1.2+git~rc1|3.el9|2|noarch|171|Assay 測試");
  EXPECT_EQ(row(table, large, {"source", "install_time", "package_group", "license", "module"}),
            "assay-large-1.2+git~rc1-3.el9.src.rpm|1795244982|System/Base|Apache-2.0|"
            "nodejs:18:8060020220523160029:ad008a3a");
  EXPECT_EQ(row(table, large, {"sha1"}).size(), 40U);
  EXPECT_EQ(row(table, large, {"signing_key"}), "a8c37b09b7832a8d");
  EXPECT_EQ(cell(table, "name", "assay-tiny", "epoch"), "NULL");
  EXPECT_EQ(cell(table, "name", "gpg-pubkey", "purl"), "NULL");
}

INSTANTIATE_TEST_SUITE_P(Forms, RpmPackagesTest,
                         testing::Values("rpm_sqlite", "rpm_ndb", "rpm_bdb"));

RpmHeader sample() {
  return {.name = "openssl-libs",
          .version = "3.0.7",
          .release = "27.el9",
          .arch = "x86_64",
          .epoch = 1};
}

TEST(RpmPurlTest, TheEpochIsAQualifier) {
  EXPECT_EQ(rpm_purl(sample(), {{"ID", "rhel"}, {"VERSION_ID", "9"}}),
            "pkg:rpm/redhat/openssl-libs@3.0.7-27.el9?arch=x86_64&distro=rhel-9&epoch=1");
}

TEST(RpmPurlTest, TheNamespaceIsTheVendorOfTheDistribution) {
  const auto with = [](const char* id) { return rpm_purl(sample(), {{"ID", id}}).substr(0, 15); };
  EXPECT_EQ(with("opensuse-leap"), "pkg:rpm/opensus");
  EXPECT_EQ(with("sles"), "pkg:rpm/suse/op");
  EXPECT_EQ(with("rocky"), "pkg:rpm/rocky/o");
  EXPECT_EQ(rpm_purl(sample(), {}), "");
}

TEST(RpmPackagesTest, WithoutADatabaseThereIsNoTable) {
  MemoryHost host;
  EXPECT_EQ(collect_rpm_packages(host).error().code(), Code::kNotFound);
  host.files = {{"/var/lib/rpm/Packages", ""}};
  EXPECT_EQ(collect_rpm_packages(host).error().code(), Code::kNotFound);
}

TEST(RpmPackagesTest, WhereRpmHasAnIndexOfNamesOnlyThoseAskedForAreShown) {
  const auto names_with = [](const std::string& fixture) {
    auto host = fixture_host(fixture);
    return names_of([&](const HeaderVisitor& visit) {
      return visit_rpm_packages(host, visit,
                                {.by = RpmSelection::By::kName, .keys = {"bash", "nothing"}});
    });
  };
  EXPECT_EQ(names_with("rhel9_operations"), std::vector<std::string>{"bash"});
  EXPECT_EQ(names_with("sles15").size(), 4U);  // ndb has none: all of them
}

TEST(RpmPackagesTest, AFailureOfTheMachineIsPassedOn) {
  MemoryHost image;
  image.files = {{kNdb, ndb()}};
  FailingHost host(image);
  host.fail_path("/var/lib/rpm/rpmdb.sqlite", Error(Code::kPermissionDenied, "no"));
  EXPECT_EQ(collect_rpm_packages(host).error().code(), Code::kPermissionDenied);
}

TEST(RpmPackagesTest, ABrokenHeaderFailsTheTableAndNamesTheFile) {
  MemoryHost host;
  auto bytes = ndb();
  bytes.replace(bytes.find("BlbS") + 16, 4, "\xff\xff\xff\xff");
  host.files = {{kNdb, bytes}};
  EXPECT_EQ(collect_rpm_packages(host).error().message(),
            "reading /usr/lib/sysimage/rpm/Packages.db: a package header states a size that none "
            "has");
}

// A database that is written to whenever it is looked at.
class BusyHost : public MapHost {
 public:
  using MapHost::MapHost;
  Result<FileStatus> status(std::string_view path) override {
    auto status = MapHost::status(path);
    if (status) status->modified_ns = ++looks_;
    return status;
  }

 private:
  std::int64_t looks_ = 0;
};

TEST(RpmPackagesTest, ADatabaseThatChangesMeanwhileIsNotHalfRead) {
  BusyHost host({{kNdb, ndb()}});
  EXPECT_EQ(collect_rpm_packages(host).error().code(), Code::kUnavailable);
}

}  // namespace
}  // namespace assay::agent
