#include "agent/probes/linux/updates/apt/release_file.h"

#include <gtest/gtest.h>

#include "agent/probes/linux/updates/apt/packages_list.h"

namespace assay::agent {
namespace {

TEST(ReleaseFileTest, ReadsTheHeadBehindASignature) {
  const auto release = parse_release(
      "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nOrigin: Debian Backports\n"
      "Suite: stable-backports\nDate: Sat, 1 Nov 2025 10:16:37 UTC\nNotAutomatic: yes\n"
      "ButAutomaticUpgrades: yes\nMD5Sum:\n 00 1 main/x\nOrigin: not this\n");
  ASSERT_TRUE(release.has_value());
  EXPECT_EQ(release->origin, "Debian Backports");
  EXPECT_EQ(release->date, "2025-11-01");
  EXPECT_TRUE(release->is_not_automatic && release->has_automatic_upgrades);
}

TEST(ReleaseFileTest, WhatIsNoReleaseFileIsRefused) {
  EXPECT_FALSE(parse_release(""));
  EXPECT_FALSE(parse_release("<html>\n"));
}

TEST(ReleaseFileTest, ADateThatIsNoneIsEmpty) {
  for (const auto* date : {"", "Sat", "Sat, 31 Feb 2026 10:00:00 UTC", "Sat, 1 Foo 2026", "1 Jan"})
    EXPECT_EQ(day_of_release_date(date), "") << date;
}

TEST(ReleaseFileTest, TheSizeIsThatOfTheNamedFileOnly) {
  constexpr auto kText =
      "SHA256:\n aa 5 contrib/main/Packages\n bb 12 main/Packages.gz\n cc  345 main/Packages\n";
  EXPECT_EQ(size_in_release(kText, "main/Packages"), 345U);
  EXPECT_EQ(size_in_release(kText, "other"), std::nullopt);
}

TEST(ReleaseFileTest, SecurityArchivesAreKnownByTheirNames) {
  EXPECT_EQ(is_security_release({.origin = "Debian", .label = "Debian-Security"}), true);
  EXPECT_EQ(is_security_release({.origin = "Ubuntu", .suite = "noble-security"}), true);
  EXPECT_EQ(is_security_release({.origin = "UbuntuESMApps", .suite = "jammy-apps-security"}), true);
  EXPECT_EQ(is_security_release({.origin = "Ubuntu", .suite = "noble-updates"}), false);
  EXPECT_EQ(is_security_release({.origin = "Docker", .suite = "bookworm"}), std::nullopt);
}

// Every wanted paragraph, from a text that is fed in pieces of `size` bytes.
std::string scanned(std::string_view text, std::size_t size) {
  std::string all;
  PackagesScanner scanner(
      [](std::string_view name) { return name != "b"; },
      [&](const ListedPackage& p) { all += p.name + "=" + p.version + "/" + p.arch + ";"; });
  for (std::size_t at = 0; at < text.size(); at += size)
    if (const auto fed = scanner.feed(text.substr(at, size)); !fed) return fed.error().message();
  const auto finished = scanner.finish();
  return finished ? all : finished.error().message();
}

TEST(PackagesListTest, PiecesMayBeCutAnywhere) {
  constexpr std::string_view kText =
      "Package: a\nVersion: 1\nArchitecture: amd64\nDescription: x\n Version: 9\n\n"
      "Package: b\nVersion: 2\n\nPackage: c\nArchitecture: all\nVersion: 3\n";
  for (std::size_t size = 1; size <= kText.size(); ++size)
    EXPECT_EQ(scanned(kText, size), "a=1/amd64;c=3/all;") << size;
}

TEST(PackagesListTest, WhatIsNoListIsRefused) {
  EXPECT_EQ(scanned("<html>\n", 100), "line 1: not a list of packages");
  EXPECT_EQ(scanned("Package: a\nPackage: c\n", 100), "line 2: two packages in one paragraph");
  EXPECT_EQ(scanned("Package: a\n\n", 100), "line 2: a package without Version");
  EXPECT_EQ(scanned("Version: 1\n\n", 100), "line 2: a paragraph without Package");
  EXPECT_EQ(scanned("Package: a\nVer", 100), "line 1: the list ends in the middle of a line");
}

}  // namespace
}  // namespace assay::agent
