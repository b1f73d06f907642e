#include "agent/probes/linux/software/purl.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

TEST(PurlTest, EncodesWhatIsNotPlainAndKeepsTheColon) {
  EXPECT_EQ(Purl("deb", "debian", "libstdc++6", "1:12-2+b1").take(),
            "pkg:deb/debian/libstdc%2B%2B6@1:12-2%2Bb1");
}

TEST(PurlTest, ANamespaceMayHaveParts) {
  EXPECT_EQ(Purl("docker", "team/web", "app", "").take(), "pkg:docker/team/web/app");
  EXPECT_EQ(Purl("snap", "", "core22", "1").take(), "pkg:snap/core22@1");
}

TEST(PurlTest, LeavesOutEmptyQualifiers) {
  EXPECT_EQ(Purl("rpm", "fedora", "a", "1").with("arch", "").with("distro", "fedora-40").take(),
            "pkg:rpm/fedora/a@1?distro=fedora-40");
  EXPECT_EQ(Purl("rpm", "fedora", "a", "1").with("arch", "x86_64").with("epoch", "1").take(),
            "pkg:rpm/fedora/a@1?arch=x86_64&epoch=1");
}

TEST(PurlTest, ADistributionNeedsIdAndVersion) {
  EXPECT_EQ(distro_qualifier({{"ID", "debian"}, {"VERSION_CODENAME", "sid"}}), "debian-sid");
  EXPECT_EQ(distro_qualifier({{"ID", "arch"}}), "");
}

}  // namespace
}  // namespace assay::agent
