#include "agent/probes/linux/libraries/npm/npm_packages.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "agent/probes/linux/libraries/npm/npm_manifest.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/linux/libraries/walked.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

constexpr const char* kPackage =
    R"({"name": "@Acme/Tool", "version": "1.2.3", "description": "Does it",
        "author": {"name": "Jo Doe", "email": "jo@example.org"}, "license": "MIT",
        "homepage": "https://u:p@example.org/tool", "dependencies": {"name": "no"},
        "exports": [[{"version": "no"}]]})";

evidence::Table table_of(Host& host) {
  return good(walked(host, make_npm_packages()));
}

TEST(NpmPackagesTest, FillsEveryColumn) {
  MemoryHost host;
  host.files["/srv/app/node_modules/@acme/tool/package.json"] = kPackage;
  const auto table = table_of(host);
  ASSERT_EQ(table.rows().size(), 1U);
  EXPECT_EQ(row(table, 0, {"name", "version", "description", "author", "license", "homepage"}),
            "@Acme/Tool|1.2.3|Does it|Jo Doe|MIT|https://example.org/tool");
  EXPECT_EQ(row(table, 0, {"path", "directory"}),
            "/srv/app/node_modules/@acme/tool/package.json|/srv/app");
  EXPECT_EQ(row(table, 0, {"purl", "note"}), "pkg:npm/%40acme/tool@1.2.3|NULL");
}

TEST(NpmPackagesTest, OnlyInstalledPackagesCount) {
  EXPECT_TRUE(is_npm_manifest("/usr/lib/node_modules/npm/package.json"));
  EXPECT_TRUE(is_npm_manifest("/a/node_modules/x/node_modules/y/package.json"));
  EXPECT_TRUE(is_npm_manifest("/a/node_modules/.pnpm/x@1/node_modules/x/package.json"));
  EXPECT_TRUE(is_npm_manifest("/usr/share/nodejs/semver/package.json"));
  EXPECT_TRUE(is_npm_manifest("/usr/share/nodejs/@types/node/package.json"));
  EXPECT_FALSE(is_npm_manifest("/srv/app/package.json"));
  EXPECT_FALSE(is_npm_manifest("/a/node_modules/x/dist/esm/package.json"));
  EXPECT_FALSE(is_npm_manifest("/a/node_modules/package.json"));
  EXPECT_FALSE(is_npm_manifest("/package.json"));
}

TEST(NpmPackagesTest, AFileThatOnlyTellsHowToLoadIsNoPackage) {
  MemoryHost host;
  host.files["/a/node_modules/x/package.json"] = R"({"type": "module"})";
  EXPECT_EQ(table_of(host).rows().size(), 0U);
}

TEST(NpmPackagesTest, BrokenJsonIsARowThatSaysSo) {
  MemoryHost host;
  host.files["/a/node_modules/x/package.json"] = R"({"name": "x", "version")";
  EXPECT_EQ(row(table_of(host), 0, {"name", "path", "note"}),
            "NULL|/a/node_modules/x/package.json|it is not a JSON object");
}

TEST(NpmPackagesTest, AnUnreadableFileIsARowThatSaysSo) {
  MemoryHost inner;
  inner.files["/a/node_modules/x/package.json"] = kPackage;
  FailingHost host(inner);
  host.fail_path("/a/node_modules/x", Error(Code::kPermissionDenied, "no"));
  EXPECT_NE(row(table_of(host), 0, {"note"}), "NULL");
}

TEST(NpmManifestTest, OldWaysToSayALicenceAreKnown) {
  EXPECT_EQ(parse_npm_manifest(R"({"license": {"type": "MIT", "url": "u"}})")->license, "MIT");
  EXPECT_EQ(parse_npm_manifest(R"({"licenses": [{"type": "MIT", "url": "u"}, {"type": "BSD"}]})")
                ->license,
            "MIT OR BSD");
}

TEST(NpmManifestTest, WrongTypesAreNotSaid) {
  const auto package =
      parse_npm_manifest(R"({"name": 1, "version": ["1"], "author": null, "license": false})");
  EXPECT_FALSE(package->is_package());
  EXPECT_EQ(package->author + package->license, "");
}

TEST(NpmManifestTest, WhatIsNoObjectIsRefused) {
  for (const auto* text : {"", "[]", "\"x\"", "{", "{}x", "nul"})
    EXPECT_FALSE(parse_npm_manifest(text)) << text;
}

TEST(NpmManifestTest, AMillionBracketsDoNoHarm) {
  EXPECT_FALSE(parse_npm_manifest("{\"a\":" + std::string(1'000'000, '[')));
}

}  // namespace
}  // namespace assay::agent
