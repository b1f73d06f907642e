#include "agent/probes/linux/libraries/java/java_archives.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/linux/libraries/java/zip_builder.h"
#include "tests/unit/agent/probes/linux/libraries/walked.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

constexpr const char* kManifest = "META-INF/MANIFEST.MF";

ZipBuilder jar(const std::string& artifact, const std::string& version) {
  ZipBuilder zip;
  zip.add_deflated(kManifest, "Manifest-Version: 1.0\nImplementation-Title: The " + artifact +
                                  "\nImplementation-Version: " + version +
                                  "\nImplementation-Vendor: Acme\n");
  zip.add_deflated("META-INF/maven/org.x/" + artifact + "/pom.properties",
                   "groupId=org.x\nartifactId=" + artifact + "\nversion=" + version + "\n");
  return zip;
}

evidence::Table table_of(Host& host) {
  return good(walked(host, make_java_archives()));
}

evidence::Table table_of(const std::string& path, const std::string& bytes) {
  MemoryHost host;
  host.files[path] = bytes;
  return table_of(host);
}

TEST(JavaArchivesTest, AJarOfMavenFillsEveryColumn) {
  const auto table = table_of("/opt/x/lib/core-2.1.jar", jar("core", "2.1").bytes());
  ASSERT_EQ(table.rows().size(), 1U);
  EXPECT_EQ(row(table, 0, {"path", "nested", "kind", "name", "version", "vendor", "group_id"}),
            "/opt/x/lib/core-2.1.jar|NULL|jar|core|2.1|Acme|org.x");
  EXPECT_EQ(row(table, 0, {"source", "purl", "note"}), "maven|pkg:maven/org.x/core@2.1|NULL");
}

TEST(JavaArchivesTest, WithoutMavenTheManifestTells) {
  const auto table = table_of(
      "/a.jar",
      ZipBuilder().add(kManifest, "Bundle-SymbolicName: org.b\nBundle-Version: 3\n").bytes());
  EXPECT_EQ(row(table, 0, {"name", "version", "source", "purl"}), "org.b|3|manifest|NULL");
}

TEST(JavaArchivesTest, EveryArtifactInAShadedJarIsARow) {
  auto shaded = jar("app", "1.0");
  shaded.add("META-INF/maven/org.l/log4j-core/pom.properties",
             "groupId=org.l\nartifactId=log4j-core\nversion=2.14.1\n");
  const auto table = table_of("/app.jar", shaded.bytes());
  ASSERT_EQ(table.rows().size(), 2U);
  EXPECT_EQ(cell(table, "name", "log4j-core", "purl"), "pkg:maven/org.l/log4j-core@2.14.1");
  EXPECT_EQ(cell(table, "name", "log4j-core", "vendor"), "NULL");
}

TEST(JavaArchivesTest, AProductThatHoldsAnArtifactIsNamedToo) {
  ZipBuilder zip;
  zip.add(kManifest, "Implementation-Title: Shop\nImplementation-Version: 9\n");
  zip.add("META-INF/maven/g/a/pom.properties", "groupId=g\nartifactId=a\nversion=1\n");
  const auto table = table_of("/shop.jar", zip.bytes());
  EXPECT_EQ(cell(table, "name", "Shop", "version"), "9");
  EXPECT_EQ(cell(table, "name", "a", "version"), "1");
}

TEST(JavaArchivesTest, ArchivesWithinAreFoundStoredOrPacked) {
  auto war = jar("shop", "5");
  war.add("BOOT-INF/lib/one-1.jar", jar("one", "1").bytes());
  war.add_deflated("WEB-INF/lib/two-2.jar", jar("two", "2").bytes());
  const auto table = table_of("/srv/shop.war", war.bytes());
  ASSERT_EQ(table.rows().size(), 3U);
  EXPECT_EQ(cell(table, "name", "shop", "purl"), "pkg:maven/org.x/shop@5?type=war");
  EXPECT_EQ(cell(table, "name", "one", "nested"), "BOOT-INF/lib/one-1.jar");
  EXPECT_EQ(cell(table, "name", "two", "nested"), "WEB-INF/lib/two-2.jar");
}

TEST(JavaArchivesTest, ADeeperLevelIsNotSilentlyLeftOut) {
  const auto inner = ZipBuilder().add("deep.jar", jar("deep", "1").bytes()).bytes();
  const auto table = table_of("/outer.ear", ZipBuilder().add("inner.war", inner).bytes());
  EXPECT_EQ(cell(table, "nested", "inner.war", "note"),
            "archives within it were not looked into; it does not say what it is");
}

TEST(JavaArchivesTest, WhatIsNoArchiveIsARowThatSaysSo) {
  EXPECT_EQ(row(table_of("/a.jar", ""), 0, {"path", "name", "source", "note"}),
            "/a.jar|NULL|NULL|no whole zip archive: it is too short");
  EXPECT_NE(row(table_of("/a.war", std::string(5000, 'x')), 0, {"note"}), "NULL");
}

TEST(JavaArchivesTest, ABrokenArchiveWithinIsARowThatSaysSo) {
  auto war = jar("shop", "5");
  war.add_deflated("WEB-INF/lib/bad.jar", "no zip");
  const auto table = table_of("/shop.war", war.bytes());
  EXPECT_EQ(cell(table, "nested", "WEB-INF/lib/bad.jar", "note"),
            "no whole zip archive: it is too short");
}

TEST(JavaArchivesTest, ABombWithinIsRefused) {
  auto war = jar("shop", "5");
  war.add_deflated("bomb.jar", std::string(kMaxNestedBytes + 1, '\0'));
  EXPECT_EQ(cell(table_of("/shop.war", war.bytes()), "nested", "bomb.jar", "note"),
            "a member is larger than is unpacked");
}

TEST(JavaArchivesTest, TooManyArchivesWithinAreRefused) {
  ZipBuilder zip;
  for (std::size_t i = 0; i <= kMaxNested; ++i) zip.add(std::to_string(i) + ".jar", "");
  EXPECT_EQ(row(table_of("/a.jar", zip.bytes()), 0, {"note"}),
            "it holds more packages than are listed");
}

TEST(JavaArchivesTest, AnUnreadableFileIsARowThatSaysSo) {
  MemoryHost inner;
  inner.files = {{"/a.jar", jar("a", "1").bytes()}, {"/b/b.jar", jar("b", "1").bytes()}};
  FailingHost host(inner);
  host.fail_path("/b/b.jar", Error(Code::kPermissionDenied, "no"));
  const auto table = table_of(host);
  EXPECT_EQ(cell(table, "path", "/a.jar", "name"), "a");
  EXPECT_NE(cell(table, "path", "/b/b.jar", "note"), "NULL");
}

TEST(JavaArchivesTest, OnlyFilesWithAnEndingCount) {
  MemoryHost host;
  host.files = {{"/x/a.JAR", jar("a", "1").bytes()},
                {"/x/b.zip", jar("b", "1").bytes()},
                {"/x/c.jar/file", ""}};
  host.links = {{"/x/link.jar", "a.JAR"}};
  EXPECT_EQ(table_of(host).rows().size(), 1U);
}

}  // namespace
}  // namespace assay::agent
