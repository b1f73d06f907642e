#include "agent/probes/linux/updates/rpm/rpm_upgrade_policy.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

// Packages as "name arch version-release [module]".
class RpmUpgradePolicyTest : public testing::Test {
 protected:
  void install(const std::string& name, const std::string& version, const std::string& release,
               const std::string& arch = "x86_64", const std::string& module = {},
               std::optional<std::int64_t> epoch = {}) {
    installed_.push_back({.name = name,
                          .version = version,
                          .release = release,
                          .arch = arch,
                          .module = module,
                          .epoch = epoch});
  }
  void start() { policy_.emplace(installed_); }
  void offer(const std::string& name, const std::string& version,
             const std::string& arch = "x86_64", std::int64_t priority = 99, bool is_held = false) {
    policy_->offer({.name = name, .arch = arch, .version = version}, 0, priority, is_held);
  }
  void advise(const std::string& id, const std::string& name, const std::string& version,
              bool is_security = true, const std::string& module = {}) {
    policy_->advise({.advisory = id,
                     .is_security = is_security,
                     .module = module,
                     .name = name,
                     .arch = "x86_64",
                     .version = version});
  }
  // "name installed>offered advisories".
  std::string upgrades() {
    std::string all;
    for (const auto& upgrade : policy_->upgrades()) {
      all += upgrade.installed->name + " " + rpm_version_of(*upgrade.installed) + ">" +
             upgrade.version;
      if (upgrade.is_held) all += " held";
      for (const auto& advisory : upgrade.advisories) all += " " + advisory;
      all += "\n";
    }
    return all;
  }

  std::vector<RpmHeader> installed_;
  std::optional<RpmUpgradePolicy> policy_;
};

TEST_F(RpmUpgradePolicyTest, TheNewestOfferCounts) {
  install("a", "1.0", "1");
  start();
  offer("a", "1.1-1");
  offer("a", "1.10-1");
  offer("a", "1.9-1");
  EXPECT_EQ(upgrades(), "a 1.0-1>1.10-1\n");
}

TEST_F(RpmUpgradePolicyTest, TheSameOrOlderIsNone) {
  install("a", "1.0", "1", "x86_64", {}, 1);
  start();
  offer("a", "1:1.0-1");
  offer("a", "9.9-1");
  offer("a", "1:1.0~rc2-1");
  EXPECT_EQ(upgrades(), "");
}

TEST_F(RpmUpgradePolicyTest, ArchitecturesAreNotMixedButForPackagesWithoutOne) {
  install("a", "1", "1");
  install("b", "1", "1", "noarch");
  start();
  offer("a", "2-1", "i686");
  EXPECT_EQ(upgrades(), "");
  offer("a", "3-1", "noarch");
  offer("a", "4-1", "src");
  EXPECT_EQ(upgrades(), "a 1-1>3-1\n");
}

TEST_F(RpmUpgradePolicyTest, OfSeveralKernelsTheNewestCounts) {
  install("kernel", "5", "1");
  install("kernel", "5", "3");
  start();
  offer("kernel", "5-2");
  EXPECT_EQ(upgrades(), "");
  offer("kernel", "5-4");
  EXPECT_EQ(upgrades(), "kernel 5-3>5-4\n");
}

TEST_F(RpmUpgradePolicyTest, ABetterPriorityKeepsNewerVersionsAway) {
  install("a", "2", "1");
  install("b", "2", "1");
  start();
  offer("a", "3-1", "x86_64", 99);
  offer("a", "1-1", "x86_64", 10);
  offer("b", "9-1", "x86_64", 99);
  offer("b", "3-1", "x86_64", 10);
  EXPECT_EQ(upgrades(), "b 2-1>3-1\n");
}

TEST_F(RpmUpgradePolicyTest, WhatTheAdministratorHoldsIsShownWhenNothingElseIsOffered) {
  install("a", "1", "1");
  start();
  offer("a", "3-1", "x86_64", 99, true);
  EXPECT_EQ(upgrades(), "a 1-1>3-1 held\n");
  offer("a", "2-1");
  EXPECT_EQ(upgrades(), "a 1-1>2-1\n");
}

TEST_F(RpmUpgradePolicyTest, AnAdvisoryCountsUpToTheOfferedVersion) {
  install("a", "1", "1");
  start();
  advise("OLD", "a", "1-1");
  advise("BUG", "a", "2-1", false);
  advise("SEC", "a", "2-1");
  advise("LATER", "a", "4-1");
  offer("a", "3-1");
  EXPECT_EQ(upgrades(), "a 1-1>3-1 SEC\n");
}

TEST_F(RpmUpgradePolicyTest, OfAModuleOnlyTheStreamInUseCounts) {
  const std::string release = "1.module+el8+1";
  install("nodejs", "18", release, "x86_64", "nodejs:18:80:abc");
  start();
  advise("SEC18", "nodejs", "18.2-" + release, true, "nodejs:18");
  advise("SEC20", "nodejs", "20.2-" + release, true, "nodejs:20");
  offer("nodejs", "20.2-" + release);
  EXPECT_EQ(upgrades(), "");
  offer("nodejs", "18.2-" + release);
  offer("nodejs", "19-1.el8");
  EXPECT_EQ(upgrades(), "nodejs 18-" + release + ">18.2-" + release + " SEC18\n");
  EXPECT_TRUE(policy_->unclear_modules().empty());
}

TEST_F(RpmUpgradePolicyTest, AModulesPackageOfNoKnownStreamIsUnclear) {
  install("nodejs", "18", "1.module+el8+1", "x86_64", "nodejs:18:80:abc");
  install("plain", "1", "1");
  start();
  offer("nodejs", "18.3-1.module+el8+1");
  offer("plain", "2-1.module+el8+1");  // of a module that is not in use
  EXPECT_EQ(upgrades(), "");
  EXPECT_EQ(policy_->unclear_modules(), std::set<std::string>{"nodejs:18"});
}

TEST_F(RpmUpgradePolicyTest, KeysAreNoPackages) {
  install("gpg-pubkey", "1", "1", "");
  start();
  EXPECT_FALSE(policy_->is_installed("gpg-pubkey"));
}

TEST_F(RpmUpgradePolicyTest, AdvisoriesWithoutEndAreNoticed) {
  install("a", "1", "1");
  start();
  for (std::size_t i = 0; i <= kMaxAdvisedPerName; ++i) advise("X", "a", "2-1");
  EXPECT_TRUE(policy_->has_too_many_advisories());
}

}  // namespace
}  // namespace assay::agent
