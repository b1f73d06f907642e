#include "agent/probes/linux/updates/pending_updates.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

constexpr const char* kLists = "/var/lib/apt/lists/";

// A Debian with two archives; the lists are what a test makes them.
class PendingUpdatesTest : public testing::Test {
 protected:
  PendingUpdatesTest() {
    host_.files = {
        {"/etc/os-release", "ID=debian\nVERSION_ID=12\n"},
        {"/etc/apt/sources.list",
         "deb http://d/debian stable main\ndeb http://d/security stable-security main\n"}};
    release("debian_dists_stable", "Origin: Debian\nLabel: Debian\nSuite: stable\n");
    release("security_dists_stable-security",
            "Origin: Debian\nLabel: Debian-Security\nSuite: stable-security\n");
    installed_ = "Package: dpkg\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n\n";
    list("debian_dists_stable", "");
    list("security_dists_stable-security", "");
  }

  void release(const std::string& archive, const std::string& head) {
    host_.files[std::string(kLists) + "d_" + archive + "_InRelease"] =
        head + "Date: Wed, 18 Nov 2026 22:17:41 UTC\n";
  }
  static std::string paragraph(const std::string& name, const std::string& version,
                               const std::string& arch = "amd64") {
    return "Package: " + name + "\nArchitecture: " + arch + "\nVersion: " + version + "\n\n";
  }
  void install(const std::string& name, const std::string& version,
               const std::string& status = "install ok installed") {
    installed_ += "Package: " + name + "\nStatus: " + status +
                  "\nArchitecture: amd64\nVersion: " + version + "\n\n";
  }
  void list(const std::string& archive, const std::string& text) {
    host_.files[std::string(kLists) + "d_" + archive + "_main_binary-amd64_Packages"] = text;
  }
  Result<evidence::Table> collect() {
    host_.files["/var/lib/dpkg/status"] = installed_;
    return collect_pending_updates(host_);
  }
  // "name version>available security" of each row.
  std::string pending() {
    std::string all;
    const auto table = good(collect());
    for (std::size_t i = 0; i < table.rows().size(); ++i)
      all += row(table, i, {"name", "version", "available_version", "is_security"}) + "\n";
    return all;
  }

  MemoryHost host_;
  std::string installed_;
};

TEST_F(PendingUpdatesTest, ANewerVersionIsPending) {
  install("a", "1");
  install("b", "1");
  list("debian_dists_stable", paragraph("a", "2") + paragraph("b", "1") + paragraph("c", "9"));
  EXPECT_EQ(pending(), "a|1|2|0\n");
}

TEST_F(PendingUpdatesTest, OfTheSecurityArchiveIsMarked) {
  install("a", "1.0-1");
  list("security_dists_stable-security", paragraph("a", "1.0-1+deb12u1"));
  const auto table = good(collect());
  EXPECT_EQ(row(table, 0, {"is_security", "origin", "label", "suite", "component", "list_date"}),
            "1|Debian|Debian-Security|stable-security|main|2026-11-18");
  EXPECT_EQ(row(table, 0, {"is_held", "purl"}),
            "0|pkg:deb/debian/a@1.0-1?arch=amd64&distro=debian-12");
}

TEST_F(PendingUpdatesTest, ASecurityUpdateThatALaterReleaseReplacedStillCounts) {
  install("a", "1");
  list("security_dists_stable-security", paragraph("a", "2"));
  list("debian_dists_stable", paragraph("a", "3"));
  EXPECT_EQ(pending(), "a|1|3|1\n");
}

TEST_F(PendingUpdatesTest, AHeldPackageIsShownAsHeld) {
  install("a", "1", "hold ok installed");
  list("debian_dists_stable", paragraph("a", "2"));
  EXPECT_EQ(cell(good(collect()), "name", "a", "is_held"), "1");
}

TEST_F(PendingUpdatesTest, RemovedPackagesAreNotPending) {
  install("a", "1", "deinstall ok config-files");
  list("debian_dists_stable", paragraph("a", "2"));
  EXPECT_EQ(pending(), "");
}

TEST_F(PendingUpdatesTest, ArchitecturesAreNotMixed) {
  install("a", "1");
  install("b", "1");
  list("debian_dists_stable", paragraph("a", "2", "i386") + paragraph("b", "2", "all"));
  EXPECT_EQ(pending(), "b|1|2|0\n");
}

TEST_F(PendingUpdatesTest, BackportsAreNotOfferedForPackagesOfTheRelease) {
  install("a", "1");
  list("debian_dists_stable", paragraph("a", "1"));
  list("security_dists_stable-security", paragraph("a", "2~bpo12"));
  release("security_dists_stable-security",
          "Suite: stable-backports\nNotAutomatic: yes\nButAutomaticUpgrades: yes\n");
  EXPECT_EQ(pending(), "");
}

TEST_F(PendingUpdatesTest, APackageFromBackportsIsUpgradedWithinThem) {
  install("a", "2~bpo12");
  list("debian_dists_stable", paragraph("a", "1"));
  list("security_dists_stable-security", paragraph("a", "3~bpo12"));
  release("security_dists_stable-security",
          "Suite: stable-backports\nNotAutomatic: yes\nButAutomaticUpgrades: yes\n");
  EXPECT_EQ(pending(), "a|2~bpo12|3~bpo12|NULL\n");
}

TEST_F(PendingUpdatesTest, ExperimentalIsNeverOffered) {
  install("a", "1");
  list("security_dists_stable-security", paragraph("a", "2"));
  release("security_dists_stable-security", "Suite: experimental\nNotAutomatic: yes\n");
  EXPECT_EQ(pending(), "");
}

TEST_F(PendingUpdatesTest, APinHoldsAPackageBack) {
  install("a", "1");
  install("b", "1");
  list("debian_dists_stable", paragraph("a", "2") + paragraph("b", "2"));
  host_.files["/etc/apt/preferences.d/a"] = "Package: a\nPin: version 1*\nPin-Priority: 1001\n";
  list("security_dists_stable-security", paragraph("a", "1"));
  EXPECT_EQ(pending(), "b|1|2|0\n");
}

TEST_F(PendingUpdatesTest, APinCountsForAnInstalledVersionThatNoListOffersAnyMore) {
  install("a", "1");
  list("debian_dists_stable", paragraph("a", "2"));
  host_.files["/etc/apt/preferences.d/a"] = "Package: a\nPin: version 1*\nPin-Priority: 1001\n";
  EXPECT_EQ(pending(), "");
}

TEST_F(PendingUpdatesTest, ANegativePinForbidsAnArchive) {
  install("a", "1");
  list("debian_dists_stable", paragraph("a", "2"));
  host_.files["/etc/apt/preferences"] = "Package: *\nPin: release a=stable\nPin-Priority: -1\n";
  EXPECT_EQ(pending(), "");
}

TEST_F(PendingUpdatesTest, APinThatIsARegularExpressionMakesTheAnswerUnknown) {
  host_.files["/etc/apt/preferences"] = "Package: /^a/\nPin: release a=x\nPin-Priority: -1\n";
  const auto table = good(collect());
  EXPECT_EQ(row(table, 0, {"name", "unknown_reason"}),
            "NULL|the pin at line 1 of /etc/apt/preferences is a regular expression, which is not "
            "applied");
}

TEST_F(PendingUpdatesTest, ASourceThatWasNeverFetchedMakesTheAnswerUnknown) {
  host_.files.erase(std::string(kLists) + "d_security_dists_stable-security_InRelease");
  const auto table = good(collect());
  EXPECT_EQ(row(table, 0, {"name", "unknown_reason"}),
            "NULL|nothing was ever fetched from http://d/security stable-security");
}

TEST_F(PendingUpdatesTest, AListThatIsMissingThoughItsReleaseNamesItMakesTheAnswerUnknown) {
  release("debian_dists_stable", "Suite: stable\nSHA256:\n 00 700 main/binary-amd64/Packages\n");
  host_.files.erase(std::string(kLists) + "d_debian_dists_stable_main_binary-amd64_Packages");
  EXPECT_EQ(cell(good(collect()), "name", "", "unknown_reason"),
            "the list main/binary-amd64/Packages of http://d/debian stable was not fetched");
}

TEST_F(PendingUpdatesTest, WithoutAnyListTheTableIsUnavailable) {
  std::erase_if(host_.files, [](const auto& file) { return file.first.starts_with(kLists); });
  const auto table = collect();
  ASSERT_FALSE(table.has_value());
  EXPECT_EQ(table.error().code(), Code::kNotFound);
}

TEST_F(PendingUpdatesTest, ListsOfSourcesThatAreNoLongerConfiguredAreNotUsed) {
  install("a", "1");
  list("debian_dists_oldstable", paragraph("a", "2"));
  EXPECT_EQ(pending(), "");
}

TEST_F(PendingUpdatesTest, AListThatDoesNotFitItsReleaseIsAnError) {
  release("debian_dists_stable", "Suite: stable\nSHA256:\n 00 700 main/binary-amd64/Packages\n");
  list("debian_dists_stable", paragraph("a", "2"));
  EXPECT_EQ(collect().error().code(), Code::kInvalidData);
}

TEST_F(PendingUpdatesTest, AListThatIsCutShortIsAnError) {
  list("debian_dists_stable", "Package: a\nVersion: 2");
  EXPECT_EQ(collect().error().code(), Code::kInvalidData);
}

TEST_F(PendingUpdatesTest, AFormatThatCannotBeUnpackedIsAnErrorNotAnEmptyTable) {
  host_.files.erase(std::string(kLists) + "d_debian_dists_stable_main_binary-amd64_Packages");
  host_.files[std::string(kLists) + "d_debian_dists_stable_main_binary-amd64_Packages.lzma"] = "x";
  const auto table = collect();
  ASSERT_FALSE(table.has_value());
  EXPECT_EQ(table.error().code(), Code::kNotSupported);
}

TEST_F(PendingUpdatesTest, ASystemOfAnotherPackageManagerIsNotSupported) {
  MemoryHost host;
  EXPECT_EQ(collect_pending_updates(host).error().code(), Code::kNotSupported);
}

TEST_F(PendingUpdatesTest, AFailureOfTheMachineIsPassedOn) {
  (void)collect();
  for (const auto* path : {"/var/lib/dpkg/status", "/etc/apt/sources.list", "/var/lib/apt/lists"}) {
    FailingHost host(host_);
    host.fail_path(path, Error(Code::kPermissionDenied, "not ours"));
    EXPECT_EQ(collect_pending_updates(host).error().code(), Code::kPermissionDenied) << path;
  }
}

}  // namespace
}  // namespace assay::agent
