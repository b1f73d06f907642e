#include "agent/probes/linux/hardening/usb/usb_policy.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

class UsbPolicyTest : public testing::Test {
 protected:
  UsbPolicyTest() {
    host_.files["/etc/hostname"] = "x\n";
    host_.files["/proc/cmdline"] = "ro quiet\n";
    host_.files["/proc/sys/kernel/osrelease"] = "6.1.0\n";
  }
  std::string control(std::string_view name) {
    const auto table = good(collect_usb_policy(host_));
    for (std::size_t i = 0; i < table.rows().size(); ++i)
      if (row(table, i, {"control"}) == name) return row(table, i, {"in_force", "value", "source"});
    return "no such row";
  }
  MemoryHost host_;
};

TEST_F(UsbPolicyTest, WithoutAnythingNothingIsInForce) {
  EXPECT_EQ(control("usb_storage_driver"), "0|loadable|NULL");
  EXPECT_EQ(control("authorized_default"), "0|NULL|NULL");
  EXPECT_EQ(control("usbguard"), "0|NULL|NULL");
  EXPECT_EQ(control("udev_rule"), "0|NULL|NULL");
  EXPECT_EQ(control("polkit_udisks"), "0|NULL|NULL");
}

TEST_F(UsbPolicyTest, AnInstallLineIsStrongerThanABlacklist) {
  host_.files["/etc/modprobe.d/a.conf"] = "blacklist usb-storage\n";
  EXPECT_EQ(control("usb_storage_driver"), "1|blacklisted|/etc/modprobe.d/a.conf");
  host_.files["/etc/modprobe.d/b.conf"] = "install usb-storage /bin/true\n";
  EXPECT_EQ(control("usb_storage_driver"), "1|install disabled|/etc/modprobe.d/b.conf");
}

TEST_F(UsbPolicyTest, ADriverInTheKernelItselfCannotBeKeptOut) {
  host_.files["/etc/modprobe.d/a.conf"] = "install usb-storage /bin/true\n";
  host_.files["/lib/modules/6.1.0/modules.builtin"] = "kernel/drivers/usb/storage/usb-storage.ko\n";
  EXPECT_EQ(control("usb_storage_driver"), "0|built in|/etc/modprobe.d/a.conf");
}

TEST_F(UsbPolicyTest, TheKernelsCommandLineCounts) {
  host_.files["/proc/cmdline"] = "module_blacklist=x,usb-storage usbcore.authorized_default=0\n";
  EXPECT_EQ(control("usb_storage_driver"), "1|blacklisted|/proc/cmdline");
  EXPECT_EQ(control("authorized_default"), "1|0|/proc/cmdline");
  host_.live = false;
  EXPECT_EQ(control("authorized_default"), "NULL|NULL|NULL");
}

TEST_F(UsbPolicyTest, UdevRulesThatTakeTheAuthorisationAreNamed) {
  EXPECT_TRUE(takes_authorisation("SUBSYSTEM==\"usb\", ATTR{authorized}=\"0\""));
  EXPECT_FALSE(takes_authorisation("ATTR{authorized}==\"0\", RUN+=\"x\""));
  EXPECT_FALSE(takes_authorisation("# ATTR{authorized}=\"0\""));
  host_.files["/etc/udev/rules.d/99-usb.rules"] = "ATTR{authorized_default}=\"0\"\n";
  EXPECT_EQ(control("udev_rule"), "1|NULL|/etc/udev/rules.d/99-usb.rules");
}

TEST_F(UsbPolicyTest, UsbguardCountsWhenItStartsAndBlocks) {
  host_.files["/usr/sbin/usbguard-daemon"] = "";
  host_.files["/usr/lib/systemd/system/usbguard.service"] = "";
  host_.files["/etc/usbguard/usbguard-daemon.conf"] = "ImplicitPolicyTarget=block\n";
  host_.files["/etc/usbguard/rules.conf"] = "allow id 1:2\n";
  EXPECT_EQ(control("usbguard"),
            "0|ImplicitPolicyTarget=block rules=1|/etc/usbguard/usbguard-daemon.conf");
  host_.files["/etc/systemd/system/multi-user.target.wants/usbguard.service"] = "";
  EXPECT_EQ(control("usbguard").substr(0, 2), "1|");
}

TEST_F(UsbPolicyTest, APolkitRuleIsNamedAndNotJudged) {
  host_.files["/etc/polkit-1/rules.d/10-mount.rules"] =
      "polkit.addRule(function(a) { if (a.id == \"org.freedesktop.udisks2.filesystem-mount\") });";
  EXPECT_EQ(control("polkit_udisks"), "NULL|NULL|/etc/polkit-1/rules.d/10-mount.rules");
}

}  // namespace
}  // namespace assay::agent
