#include "agent/probes/linux/software/apk_packages.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/fixture_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

constexpr const char* kGood = "P:a\nV:1-r0\n\n";

TEST(ApkPackagesTest, FillsEveryColumn) {
  auto host = fixture_host("alpine");
  const auto table = good(collect_apk_packages(host));
  EXPECT_EQ(table.rows().size(), 4U);
  EXPECT_EQ(row(table, 1, {"name", "version", "source", "size", "arch", "license", "build_time"}),
            "libcrypto3|3.3.2-r1|openssl|4706304|x86_64|Apache-2.0|1729158273");
  EXPECT_EQ(row(table, 1, {"checksum", "repository_tag", "broken", "database", "purl"}),
            "Q1eVpkasfqZAukAXFYbgwt4xAMZWU=|NULL|0|/lib/apk/db/installed|"
            "pkg:apk/alpine/libcrypto3@3.3.2-r1?arch=x86_64&distro=alpine-3.20.3");
}

TEST(ApkPackagesTest, WhatIsNotRecordedIsNull) {
  auto host = fixture_host("alpine");
  EXPECT_EQ(row(good(collect_apk_packages(host)), 2,
                {"name", "source", "license", "maintainer", "repository_tag", "broken"}),
            ".build-tools|NULL|NULL|NULL|edge|1");
}

TEST(ApkPackagesTest, FindsTheNewerPlaceOfTheDatabase) {
  MemoryHost host;
  host.files = {{"/usr/lib/apk/db/installed", kGood}};
  EXPECT_EQ(row(good(collect_apk_packages(host)), 0, {"name", "database", "purl"}),
            "a|/usr/lib/apk/db/installed|NULL");
}

TEST(ApkPackagesTest, WithoutApkThereIsNoTable) {
  MemoryHost host;
  EXPECT_EQ(collect_apk_packages(host).error().code(), Code::kNotFound);
}

TEST(ApkPackagesTest, AFailureOfTheMachineIsPassedOn) {
  MemoryHost image;
  image.files = {{"/lib/apk/db/installed", kGood}, {"/usr/lib/apk/db/installed", kGood}};
  FailingHost host(image);
  host.fail_path("/lib/apk/db/installed", Error(Code::kPermissionDenied, "no"));
  EXPECT_EQ(collect_apk_packages(host).error().code(), Code::kPermissionDenied);
}

TEST(ApkPackagesTest, ABrokenDatabaseIsAnErrorThatNamesIt) {
  MemoryHost host;
  host.files = {{"/lib/apk/db/installed", "P:a\n"}};
  EXPECT_EQ(collect_apk_packages(host).error().message(),
            "reading /lib/apk/db/installed: line 1: the file ends in the middle of a package");
}

}  // namespace
}  // namespace assay::agent
