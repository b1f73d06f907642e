// The three files of a repository: its index, its list of packages, its advisories.
#include <gtest/gtest.h>

#include "agent/probes/linux/updates/rpm/advisories.h"
#include "agent/probes/linux/updates/rpm/primary_list.h"
#include "agent/probes/linux/updates/rpm/repository_index.h"

namespace assay::agent {
namespace {

constexpr const char* kIndex = R"(<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo" xmlns:rpm="http://linux.duke.edu/metadata/rpm">
  <revision>1700000000</revision>
  <data type="primary">
    <checksum type="sha256">00</checksum>
    <location href="repodata/00-primary.xml.gz"/>
    <timestamp>1795000000.5</timestamp>
    <size>10</size>
    <open-size>2000</open-size>
  </data>
  <data type="updateinfo"><location href="../../etc/11-updateinfo.xml.xz"/></data>
</repomd>)";

TEST(RepositoryIndexTest, NamesTheListsAndNoFolders) {
  const auto lists = parse_repository_index(kIndex);
  ASSERT_TRUE(lists.has_value()) << lists.error().message();
  const auto* primary = find_list(*lists, "primary");
  ASSERT_NE(primary, nullptr);
  EXPECT_EQ(primary->file, "00-primary.xml.gz");
  EXPECT_EQ(primary->unpacked_bytes, 2000U);
  EXPECT_EQ(primary->made, 1'795'000'000);
  ASSERT_NE(find_list(*lists, "updateinfo"), nullptr);
  EXPECT_EQ(find_list(*lists, "updateinfo")->file, "11-updateinfo.xml.xz");
  EXPECT_EQ(find_list(*lists, "updateinfo")->unpacked_bytes, std::nullopt);
  EXPECT_EQ(find_list(*lists, "modules"), nullptr);
}

TEST(RepositoryIndexTest, WhatIsNoIndexIsAnError) {
  EXPECT_FALSE(parse_repository_index("<html/>").has_value());
  EXPECT_FALSE(parse_repository_index("<repomd><data type='primary'/></repomd>").has_value());
  EXPECT_FALSE(parse_repository_index("<repomd><data type='primary'>").has_value());
  std::string many = "<repomd>";
  for (std::size_t i = 0; i <= kMaxRepositoryLists; ++i)
    many += "<data type='x'><location href='y'/></data>";
  EXPECT_EQ(parse_repository_index(many + "</repomd>").error().code(), Code::kTooLarge);
}

std::string offers(std::string_view text) {
  std::string found;
  PrimaryScanner scanner([](std::string_view name) { return name != "other"; },
                         [&](const OfferedRpm& package) {
                           found += package.name + "|" + package.arch + "|" + package.version + "\n";
                         });
  if (const auto fed = scanner.feed(text); !fed) return fed.error().message();
  if (const auto finished = scanner.finish(); !finished) return finished.error().message();
  return found;
}

std::string package(const std::string& inner) {
  return "<metadata xmlns='x'><package type='rpm'>" + inner + "</package></metadata>";
}

TEST(PrimaryScannerTest, ShowsWantedPackagesWithTheirVersions) {
  EXPECT_EQ(offers("<metadata><package type='rpm'><name>a</name><arch>x86_64</arch>"
                   "<version epoch='0' ver='1.0' rel='2.el9'/><summary>s</summary>"
                   "<format><rpm:provides><rpm:entry name='b' epoch='9' ver='9' rel='9'/>"
                   "</rpm:provides></format></package>"
                   "<package type='rpm'><name>other</name><arch>noarch</arch>"
                   "<version epoch='0' ver='1' rel='1'/></package>"
                   "<package type='rpm'><name>b</name><arch>noarch</arch>"
                   "<version epoch='2' ver='1' rel='1'/></package></metadata>"),
            "a|x86_64|1.0-2.el9\nb|noarch|2:1-1\n");
}

TEST(PrimaryScannerTest, APackageWithoutNameOrVersionIsAnError) {
  EXPECT_NE(offers(package("<name>a</name><arch>noarch</arch>")).find("without name"),
            std::string::npos);
  EXPECT_NE(offers(package("<arch>noarch</arch><version ver='1' rel='1'/>")).find("without name"),
            std::string::npos);
  EXPECT_NE(offers("<html></html>").find("no list of packages"), std::string::npos);
}

std::string advised(std::string_view text) {
  std::string found;
  AdvisoryScanner scanner([](std::string_view name) { return name != "other"; },
                          [&](const AdvisedRpm& one) {
                            found += one.advisory + "|" + (one.is_security ? "1" : "0") + "|" +
                                     one.module + "|" + one.name + "|" + one.version + "\n";
                          });
  if (const auto fed = scanner.feed(text); !fed) return fed.error().message();
  if (const auto finished = scanner.finish(); !finished) return finished.error().message();
  return found;
}

TEST(AdvisoryScannerTest, ShowsWhatWasASecurityUpdateAndOfWhichStream) {
  EXPECT_EQ(
      advised("<updates><update type='security' status='final'><id>RHSA-1</id>"
              "<references><reference id='CVE-1' type='cve'/></references><pkglist>"
              "<collection short='x'><name>x</name>"
              "<module name='nodejs' stream='18' version='8' context='c' arch='x86_64'/>"
              "<package name='nodejs' version='18' release='1' epoch='1' arch='x86_64'>"
              "<filename>f</filename></package></collection>"
              "<collection><package name='a' version='2' release='1' epoch='0' arch='noarch'/>"
              "<package name='other' version='2' release='1' arch='noarch'/></collection>"
              "</pkglist></update>"
              "<update type='bugfix'><id> RHBA-2 </id><pkglist><collection>"
              "<package name='a' version='3' release='1' arch='noarch'/>"
              "<package name='a'/></collection></pkglist></update></updates>"),
      "RHSA-1|1|nodejs:18|nodejs|1:18-1\nRHSA-1|1||a|2-1\nRHBA-2|0||a|3-1\n");
}

TEST(AdvisoryScannerTest, WhatIsNoListOfAdvisoriesIsAnError) {
  EXPECT_NE(advised("<metadata/>").find("no list of advisories"), std::string::npos);
  EXPECT_NE(advised("<updates><update>").find("line 1"), std::string::npos);
}

}  // namespace
}  // namespace assay::agent
