#include "agent/probes/linux/updates/rpm/held_packages.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/memory_host.h"

namespace assay::agent {
namespace {

const OfferedRpm kBash{.name = "bash", .arch = "x86_64", .version = "5.1.8-6.el9"};

TEST(HeldPackagesTest, APatternMeansANameOrMoreOfIt) {
  for (const auto* pattern :
       {"bash", "ba*", "bash.x86_64", "bash-5.1.8-6.el9", "bash-5.1*", "bash-0:5.1.8-6.el9",
        "bash-0:5.1.8-6.el9.*", "bash-5.1.8-6.el9.x86_64"})
    EXPECT_TRUE(means_rpm(pattern, kBash)) << pattern;
  for (const auto* pattern : {"bas", "bash.i686", "bash-completion", "bash-5.2*", "bash-1:5.1*", ""})
    EXPECT_FALSE(means_rpm(pattern, kBash)) << pattern;
}

TEST(HeldPackagesTest, AVersionLockNamesItsPackage) {
  EXPECT_EQ(name_in_version_lock("bash-0:5.1.8-6.el9.*"), "bash");
  EXPECT_EQ(name_in_version_lock("0:python3-libs-3.9.1-1.el9.*"), "python3-libs");
  EXPECT_EQ(name_in_version_lock("kernel"), "kernel");
  EXPECT_EQ(name_in_version_lock("# comment-1-2"), "");
  EXPECT_EQ(name_in_version_lock("!bash-0:5.1.8-6.el9.*"), "");
}

// What the files of a system with one repository say of bash: held, taken.
std::string bash_on(std::map<std::string, std::string, std::less<>> files) {
  MemoryHost host;
  host.files = std::move(files);
  host.files.try_emplace("/etc/yum.repos.d/a.repo", "[a]\n");
  const auto repositories = read_repositories(host);
  EXPECT_TRUE(repositories.has_value());
  const auto held = HeldPackages::read(host, *repositories);
  EXPECT_TRUE(held.has_value());
  return std::string(held->holds(kBash, 0) ? "held" : "free") +
         (held->takes(kBash, 0) ? "" : ", not taken");
}

TEST(HeldPackagesTest, EveryPlaceWhereAnUpdateIsHeldIsRead) {
  EXPECT_EQ(bash_on({}), "free");
  EXPECT_EQ(bash_on({{"/etc/dnf/dnf.conf", "[main]\nexcludepkgs=kernel*, bash\n"}}), "held");
  EXPECT_EQ(bash_on({{"/etc/yum.conf", "[main]\nexclude=ba*\n"}}), "held");
  EXPECT_EQ(bash_on({{"/etc/yum.repos.d/a.repo", "[a]\nexclude=bash\n  zsh\n"}}), "held");
  EXPECT_EQ(bash_on({{"/etc/dnf/plugins/versionlock.list", "bash-0:5.1.8-5.el9.*\n"}}), "held");
  EXPECT_EQ(bash_on({{"/etc/dnf/versionlock.toml", "version = '1.0'\n[[packages]]\nname = 'bash'\n"}}),
            "held");
  EXPECT_EQ(bash_on({{"/etc/zypp/locks", "type: package\nsolvable_name: bash\n"}}), "held");
  EXPECT_EQ(bash_on({{"/etc/zypp/locks", "type: package\nsolvable_name: zsh\n"}}), "free");
}

TEST(HeldPackagesTest, ARepositoryMayOfferSomePackagesOnly) {
  EXPECT_EQ(bash_on({{"/etc/yum.repos.d/a.repo", "[a]\nincludepkgs=zsh\n"}}), "free, not taken");
  EXPECT_EQ(bash_on({{"/etc/yum.repos.d/a.repo", "[a]\nincludepkgs=zsh bash\n"}}), "free");
}

}  // namespace
}  // namespace assay::agent
