#include "agent/probes/linux/updates/apk/apk_updates.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "agent/probes/linux/updates/apk/apk_repositories.h"
#include "agent/probes/linux/updates/pending_updates.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/linux/updates/apk/index_archive.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

constexpr const char* kMain = "https://dl.example/alpine/v3.20/main";
// The first bytes of sha1(kMain), and of sha256(kMain + "/x86_64/APKINDEX.tar.gz").
constexpr const char* kOfApk2 = "c1b50f96";
constexpr const char* kOfApk3 = "975ac80a";

class ApkUpdatesTest : public testing::Test {
 protected:
  ApkUpdatesTest() {
    host_.files = {{"/etc/os-release", "ID=alpine\nVERSION_ID=3.20.3\n"},
                   {"/etc/apk/repositories", std::string(kMain) + "\n"},
                   {"/lib/apk/db/installed",
                    "P:musl\nV:1.2.5-r0\nA:x86_64\no:musl\n\n"
                    "P:libcrypto3\nV:3.3.2-r1\nA:x86_64\no:openssl\n\n"
                    "P:tzdata\nV:2024b-r0\nA:noarch\n\nP:own\nV:1-r0\nA:x86_64\ns:edge\n\n"}};
    host_.changed_ns = (host_.now_seconds - 3600) * 1'000'000'000;
  }
  void index(const std::string& packages, const std::string& name = kOfApk2) {
    host_.files["/var/cache/apk/APKINDEX." + name + ".tar.gz"] = gzipped(index_archive(packages));
  }
  // "name version>available held" and reasons.
  std::vector<std::string> pending() {
    const auto table = good(collect_pending_updates(host_));
    std::vector<std::string> rows;
    for (std::size_t i = 0; i < table.rows().size(); ++i)
      rows.push_back(row(table, i, {"name"}) == "NULL"
                         ? row(table, i, {"unknown_reason"})
                         : row(table, i, {"name", "version", "available_version", "is_held"}));
    return rows;
  }
  MemoryHost host_;
};

using Rows = std::vector<std::string>;

TEST_F(ApkUpdatesTest, ANewerVersionOfTheIndexIsPending) {
  index(
      "P:musl\nV:1.2.5-r1\nA:x86_64\n\nP:musl\nV:1.2.4-r9\n\nP:libcrypto3\nV:3.3.2-r1\n\n"
      "P:other\nV:9-r0\n\nP:own\nV:0.9-r0\n\n");
  EXPECT_EQ(pending(), Rows{"musl|1.2.5-r0|1.2.5-r1|0"});
  EXPECT_EQ(row(good(collect_pending_updates(host_)), 0,
                {"arch", "source", "is_security", "list_date", "repository", "purl"}),
            "x86_64|NULL|NULL|2026-11-21|https://dl.example/alpine/v3.20/main|"
            "pkg:apk/alpine/musl@1.2.5-r0?arch=x86_64&distro=alpine-3.20.3");
}

TEST_F(ApkUpdatesTest, TheNewerApkNamesItsIndexOtherwise) {
  index("P:musl\nV:1.2.5-r1\n\n", kOfApk3);
  EXPECT_EQ(pending(), Rows{"musl|1.2.5-r0|1.2.5-r1|0"});
}

TEST_F(ApkUpdatesTest, WhatTheAdministratorHoldsBackIsMarked) {
  index("P:musl\nV:1.2.5-r1\n\nP:libcrypto3\nV:3.3.3-r0\n\nP:tzdata\nV:2025a-r0\n\n");
  host_.files["/etc/apk/world"] = "alpine-base\nmusl=1.2.5-r0\nlibcrypto3>3\n";
  EXPECT_EQ(pending(), (Rows{"libcrypto3|3.3.2-r1|3.3.3-r0|0", "musl|1.2.5-r0|1.2.5-r1|1",
                             "tzdata|2024b-r0|2025a-r0|0"}));
}

TEST_F(ApkUpdatesTest, ATaggedRepositoryIsForThoseThatAskedForIt) {
  index("");
  host_.files["/etc/apk/repositories"] += "#https://off.example\n@edge /srv/edge/\n";
  host_.files["/srv/edge/x86_64/APKINDEX.tar.gz"] =
      gzipped(index_archive("P:own\nV:2-r0\n\nP:musl\nV:9-r0\n\n"));
  EXPECT_EQ(pending(), Rows{"own|1-r0|2-r0|0"});
}

TEST_F(ApkUpdatesTest, WhatIsNotThereOrOldOrOddIsSaid) {
  host_.files["/etc/apk/repositories"] += "https://u:canary@b.example/x\nhttps://c.example main\n";
  host_.changed_ns = 1'790'000'000'000'000'000;
  index("P:musl\nV:odd version\n\n");
  EXPECT_EQ(pending(),
            (Rows{"the repository https://c.example is written in a form that is not read",
                  "the index of the repository https://dl.example/alpine/v3.20/main is of "
                  "2026-09-21: newer updates are not in it",
                  "nothing was ever fetched from the repository https://b.example/x, or it is not "
                  "kept",
                  "which version of musl is newer cannot be told: one is none of apk's"}));
}

TEST_F(ApkUpdatesTest, WithoutAnyIndexThereIsNoTable) {
  EXPECT_EQ(collect_pending_updates(host_).error().message(),
            "nothing was ever fetched from the repository https://dl.example/alpine/v3.20/main, or "
            "it is not kept");
  host_.files.erase("/etc/apk/repositories");
  EXPECT_EQ(collect_pending_updates(host_).error().message(), "no repository of packages is set");
  host_.files.erase("/lib/apk/db/installed");
  EXPECT_EQ(collect_pending_updates(host_).error().code(), Code::kNotSupported);
}

TEST_F(ApkUpdatesTest, ABrokenIndexFailsTheTable) {
  host_.files["/var/cache/apk/APKINDEX." + std::string(kOfApk2) + ".tar.gz"] = gzipped("x");
  const auto table = collect_pending_updates(host_);
  EXPECT_EQ(table.error().code(), Code::kInvalidData);
  EXPECT_NE(table.error().message().find("reading /var/cache/apk/APKINDEX."), std::string::npos);
}

TEST_F(ApkUpdatesTest, AFailureOfTheMachineIsPassedOn) {
  index("");
  for (const auto* path : {"/etc/apk/repositories", "/etc/apk/world", "/etc/apk/arch"}) {
    FailingHost host(host_);
    host.fail_path(path, Error(Code::kIo, "disk on fire"));
    EXPECT_EQ(collect_pending_updates(host).error().code(), Code::kIo) << path;
  }
}

}  // namespace
}  // namespace assay::agent
