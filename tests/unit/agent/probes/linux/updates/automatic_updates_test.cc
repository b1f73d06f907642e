#include "agent/probes/linux/updates/history/automatic_updates.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/fixture_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

const std::vector<std::string_view> kWhat = {
    "installed", "enabled", "refreshes_days", "downloads", "installs", "security_only", "reboots"};

// Debian with unattended-upgrades as its package sets it up.
class UnattendedUpgradesTest : public testing::Test {
 protected:
  UnattendedUpgradesTest() {
    host_.files = {
        {"/usr/bin/unattended-upgrade", ""},
        {"/usr/lib/systemd/system/apt-daily-upgrade.timer", "[Timer]\nOnCalendar=6:00\n"},
        {"/etc/systemd/system/timers.target.wants/apt-daily-upgrade.timer", ""},
        {"/etc/apt/apt.conf.d/20auto-upgrades",
         "APT::Periodic::Update-Package-Lists \"1\";\nAPT::Periodic::Unattended-Upgrade \"1\";\n"},
        {"/etc/apt/apt.conf.d/50unattended-upgrades",
         "Unattended-Upgrade::Origins-Pattern {\n"
         " \"origin=Debian,codename=${distro_codename}-security,label=Debian-Security\";\n};\n"
         "Unattended-Upgrade::Package-Blacklist { \"linux-\"; };\n"}};
  }
  std::string shown() { return row(good(collect_automatic_updates(host_)), 0, kWhat); }
  MemoryHost host_;
};

TEST_F(UnattendedUpgradesTest, ASetUpMachineUpdatesItself) {
  EXPECT_EQ(shown(), "1|1|1|1|1|1|0");
  const auto table = good(collect_automatic_updates(host_));
  EXPECT_EQ(cell(table, "mechanism", "unattended-upgrades", "origins"),
            "origin=Debian,codename=${distro_codename}-security,label=Debian-Security");
  EXPECT_EQ(cell(table, "mechanism", "unattended-upgrades", "excluded"), "linux-");
}

TEST_F(UnattendedUpgradesTest, WithoutThePackageNothingIsInstalled) {
  host_.files.erase("/usr/bin/unattended-upgrade");
  EXPECT_EQ(shown(), "0|1|1|0|0|NULL|NULL");
}

TEST_F(UnattendedUpgradesTest, AZeroSwitchesItOff) {
  host_.files["/etc/apt/apt.conf.d/99"] = "APT::Periodic::Unattended-Upgrade \"0\";";
  EXPECT_EQ(shown(), "1|1|1|0|0|1|0");
}

TEST_F(UnattendedUpgradesTest, TheMainSwitchStopsAll) {
  host_.files["/etc/apt/apt.conf.d/99"] = "APT::Periodic::Enable \"0\";";
  EXPECT_EQ(shown(), "1|0|1|1|1|1|0");
}

TEST_F(UnattendedUpgradesTest, ADisabledTimerStartsNothing) {
  host_.files.erase("/etc/systemd/system/timers.target.wants/apt-daily-upgrade.timer");
  EXPECT_EQ(shown(), "1|0|1|1|1|1|0");
}

TEST_F(UnattendedUpgradesTest, OtherOriginsAreMoreThanSecurity) {
  host_.files["/etc/apt/apt.conf.d/51"] =
      "Unattended-Upgrade::Origins-Pattern:: \"origin=Debian,codename=x-updates\"; "
      "Unattended-Upgrade::Automatic-Reboot \"true\";";
  EXPECT_EQ(shown(), "1|1|1|1|1|0|1");
}

TEST(AutomaticUpdatesTest, ATimerOfDnfGoesBeforeItsFile) {
  auto host = fixture_host("updates_rhel9");
  const auto table = good(collect_automatic_updates(host));
  EXPECT_EQ(row(table, 0, {"mechanism"}), "dnf-automatic");
  EXPECT_EQ(row(table, 0, kWhat), "1|1|NULL|1|1|1|1");
}

TEST(AutomaticUpdatesTest, DnfWithoutItsPackageUpdatesNothing) {
  MemoryHost host;
  host.files = {{"/etc/dnf/dnf.conf", ""}};
  EXPECT_EQ(row(good(collect_automatic_updates(host)), 0, kWhat), "0|0|NULL|0|0|NULL|NULL");
}

TEST(AutomaticUpdatesTest, ReadsTheSettingsOfSuse) {
  auto host = fixture_host("updates_sles15");
  EXPECT_EQ(row(good(collect_automatic_updates(host)), 0, kWhat), "1|1|NULL|1|1|1|NULL");
}

TEST(AutomaticUpdatesTest, ASystemOfAnotherKindIsNotSupported) {
  MemoryHost host;
  EXPECT_EQ(collect_automatic_updates(host).error().code(), Code::kNotSupported);
}

}  // namespace
}  // namespace assay::agent
