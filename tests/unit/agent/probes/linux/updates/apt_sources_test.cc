#include "agent/probes/linux/updates/apt/apt_sources.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "agent/probes/linux/updates/apt/source_list.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

std::string line_failure(std::string_view text) {
  const auto parsed = parse_source_lines(text);
  return parsed ? "no failure" : parsed.error().message();
}

TEST(SourceListTest, ALineHasTypeAddressSuiteAndComponents) {
  const auto sources = parse_source_lines(
      "# deb http://old/ x main\n\ndeb [ arch=amd64,arm64 signed-by=/k.gpg trusted=yes ] "
      "https://u:p@h/debian bookworm main contrib # why\n");
  ASSERT_EQ(sources->size(), 1U);
  const auto& source = sources->front();
  EXPECT_EQ(source.suite, "bookworm");
  EXPECT_EQ(source.components, (std::vector<std::string>{"main", "contrib"}));
  EXPECT_EQ(source.architectures, (std::vector<std::string>{"amd64", "arm64"}));
  EXPECT_EQ(source.signed_by, "/k.gpg");
  EXPECT_EQ(source.trusted, true);
  EXPECT_EQ(source.line, 3);
}

TEST(SourceListTest, ACdromsNameMayHoldBlanks) {
  const auto sources = parse_source_lines("deb cdrom:[Debian 12 _Bookworm_ DVD]/ bookworm main\n");
  EXPECT_EQ(sources->front().uri, "cdrom:[Debian 12 _Bookworm_ DVD]/");
}

TEST(SourceListTest, ArchitecturesThatAreTakenAwayAreNoneThatItHas) {
  const auto sources = parse_source_lines("deb [arch-=i386 trusted=yes] http://a x main\n");
  EXPECT_TRUE(sources->front().architectures.empty());
  EXPECT_TRUE(sources->front().has_other_architectures);
  EXPECT_EQ(sources->front().trusted, true);
}

TEST(SourceListTest, WordsAreQuotedAsAptQuotesThem) {
  const auto sources = parse_source_lines("deb \"http://a/b c\" book%77orm \"main\"\n");
  EXPECT_EQ(sources->front().uri, "http://a/b c");
  EXPECT_EQ(sources->front().suite, "bookworm");
  EXPECT_EQ(sources->front().components, std::vector<std::string>{"main"});
}

TEST(SourceListTest, WhatAptRefusesIsRefusedWithItsLine) {
  EXPECT_EQ(line_failure("deb http://h/ bookworm\n"), "line 1: no component");
  EXPECT_EQ(line_failure("\ndeb http://h/\n"), "line 2: no address or no suite");
  EXPECT_EQ(line_failure("debian http://h/ x main\n"), "line 1: not a deb line");
  EXPECT_EQ(line_failure("deb [arch=amd64 http://h/ x main\n"), "line 1: options without their ]");
  EXPECT_EQ(line_failure("deb http://h/ flat/\n"), "no failure");
}

TEST(SourceListTest, AParagraphIsEveryAddressWithEverySuite) {
  const auto sources = parse_source_paragraphs(
      "Types: deb deb-src\nURIs: http://a http://b\nSuites: x x-updates\n"
      "Components: main\n# a comment\nSigned-By: /k.gpg\n\nTypes: deb\nURIs: http://c\n"
      "Suites: flat/\nEnabled: no\n");
  ASSERT_EQ(sources->size(), 9U);
  EXPECT_EQ(sources->at(7).type + sources->at(7).uri + sources->at(7).suite,
            "deb-srchttp://bx-updates");
  EXPECT_FALSE(sources->at(8).is_enabled);
  EXPECT_EQ(sources->at(8).line, 8);
}

TEST(SourceListTest, AKeyWithinTheParagraphIsSaidNotShown) {
  const auto sources = parse_source_paragraphs(
      "Types: deb\nURIs: http://a\nSuites: x\nComponents: main\nSigned-By:\n -----BEGIN PGP PUBLIC "
      "KEY BLOCK-----\n .\n mQINBF\n");
  EXPECT_EQ(sources->front().signed_by, "inline key");
}

TEST(SourceListTest, AParagraphThatLacksAFieldIsRefused) {
  EXPECT_FALSE(parse_source_paragraphs("Types: deb\nURIs: http://a\nComponents: main\n"));
  EXPECT_FALSE(parse_source_paragraphs("Types: deb\nURIs: http://a\nSuites: x\n"));
  EXPECT_FALSE(parse_source_paragraphs(" continued\n"));
  EXPECT_FALSE(parse_source_paragraphs("nonsense\n"));
}

TEST(SourceListTest, NamesOfListsAreThoseOfApt) {
  AptSource source{.uri = "http://u:p@deb.debian.org:80/debian_x~y", .suite = "bookworm"};
  EXPECT_EQ(list_prefix(source), "deb.debian.org:80_debian%5fx%7ey_dists_bookworm_");
  source = {.uri = "file:/srv/repo", .suite = "./"};
  EXPECT_EQ(list_prefix(source), "_srv_repo_._");
}

class AptSourcesTest : public testing::Test {
 protected:
  AptSourcesTest() {
    host_.files = {
        {"/etc/apt/sources.list", "deb https://token:x@h.example/p/0a1b2c3d4e5f6a7b8c9d/ x main\n"},
        {"/etc/apt/sources.list.d/old.list.save", "nonsense"},
        {"/var/lib/apt/lists/h.example_p_0a1b2c3d4e5f6a7b8c9d_dists_x_InRelease",
         "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nOrigin: Example\nLabel: L\n"
         "Codename: x\nVersion: 3\nDate: Wed, 18 Nov 2026 22:17:41 UTC\n"
         "Valid-Until: Wed, 25 Nov 2026 22:17:41 UTC\nSHA256:\n 00 0 a\n"}};
  }
  MemoryHost host_;
};

TEST_F(AptSourcesTest, NeitherPasswordNorTokenIsShown) {
  const auto table = good(collect_apt_sources(host_));
  EXPECT_EQ(row(table, 0, {"name", "base_uri", "source", "line"}),
            "h.example/p/*** x|https://h.example/p/***/|/etc/apt/sources.list|1");
}

TEST_F(AptSourcesTest, ShowsTheStateOfTheListThatWasFetched) {
  const auto table = good(collect_apt_sources(host_));
  EXPECT_EQ(
      row(table, 0, {"release", "version", "maintainer", "label", "list_date", "valid_until"}),
      "x|3|Example|L|2026-11-18|2026-11-25");
}

TEST_F(AptSourcesTest, ASourceThatWasNeverFetchedSaysSo) {
  host_.files["/etc/apt/sources.list.d/a.list"] = "deb http://other/ y main\n";
  const auto table = good(collect_apt_sources(host_));
  EXPECT_EQ(cell(table, "suite", "y", "note"), "nothing of this source is in /var/lib/apt/lists");
}

TEST_F(AptSourcesTest, AptsOwnSettingsAreTheDefault) {
  host_.files["/etc/apt/apt.conf.d/99"] = "Acquire::Check-Valid-Until \"false\";";
  EXPECT_EQ(cell(good(collect_apt_sources(host_)), "suite", "x", "check_valid_until"), "0");
}

TEST_F(AptSourcesTest, ABrokenListIsAnErrorNotHalfATable) {
  host_.files["/etc/apt/sources.list.d/b.list"] = "deb http://h/ x main\nde";
  const auto table = collect_apt_sources(host_);
  ASSERT_FALSE(table.has_value());
  EXPECT_EQ(table.error().message(),
            "reading /etc/apt/sources.list.d/b.list: line 2: not a deb line");
}

TEST_F(AptSourcesTest, WithoutAptThereIsNoTable) {
  MemoryHost empty;
  EXPECT_EQ(collect_apt_sources(empty).error().code(), Code::kNotFound);
}

TEST_F(AptSourcesTest, AFailureOfTheMachineIsPassedOn) {
  for (const auto* path : {"/etc/apt/sources.list", "/var/lib/apt/lists"}) {
    FailingHost host(host_);
    host.fail_path(path, Error(Code::kPermissionDenied, "not ours"));
    EXPECT_FALSE(collect_apt_sources(host).has_value()) << path;
  }
}

}  // namespace
}  // namespace assay::agent
