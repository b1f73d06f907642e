#include "agent/probes/linux/libraries/package_url.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

TEST(PackageUrlTest, PypiComparesNamesWithoutCaseAndUnderscore) {
  EXPECT_EQ(pypi_url("Django_Package", "1.11.1.dev1"), "pkg:pypi/django-package@1.11.1.dev1");
  EXPECT_EQ(pypi_url("torch", "2.1.0+cu118"), "pkg:pypi/torch@2.1.0%2Bcu118");
}

TEST(PackageUrlTest, AnNpmScopeIsANamespace) {
  EXPECT_EQ(npm_url("@angular/animation", "12.3.1"), "pkg:npm/%40angular/animation@12.3.1");
  EXPECT_EQ(npm_url("foobar", "12.3.1"), "pkg:npm/foobar@12.3.1");
}

TEST(PackageUrlTest, MavenNeedsGroupAndArtifact) {
  EXPECT_EQ(maven_url("org.apache.commons", "io", "1.3.4", "jar"),
            "pkg:maven/org.apache.commons/io@1.3.4");
  EXPECT_EQ(maven_url("org.example", "shop", "2", "war"), "pkg:maven/org.example/shop@2?type=war");
  EXPECT_EQ(maven_url("", "io", "1.3.4", "jar"), "");
}

TEST(PackageUrlTest, AGoModuleKeepsItsPathAndTheVOfItsVersion) {
  EXPECT_EQ(golang_url("github.com/BurntSushi/toml", "v0.3.1"),
            "pkg:golang/github.com/burntsushi/toml@v0.3.1");
  EXPECT_EQ(golang_url("github.com/docker/cli", "v24.0.2+incompatible"),
            "pkg:golang/github.com/docker/cli@v24.0.2%2Bincompatible");
}

TEST(PackageUrlTest, WithoutAVersionThereIsNone) {
  EXPECT_EQ(pypi_url("a", ""), "");
  EXPECT_EQ(npm_url("", "1"), "");
  EXPECT_EQ(maven_url("g", "a", "", "jar"), "");
  EXPECT_EQ(golang_url("m", ""), "");
}

TEST(PackageUrlTest, HostileNamesAreEncoded) {
  EXPECT_EQ(npm_url("a?b#c@d", "1/2"), "pkg:npm/a%3Fb%23c%40d@1%2F2");
}

}  // namespace
}  // namespace assay::agent
