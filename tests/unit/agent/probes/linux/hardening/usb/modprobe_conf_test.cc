#include "agent/probes/linux/hardening/usb/modprobe_conf.h"

#include <gtest/gtest.h>

#include "agent/probes/linux/hardening/usb/usbguard.h"
#include "tests/unit/agent/memory_host.h"

namespace assay::agent {
namespace {

std::string rules(std::string_view text) {
  std::string all;
  for (const auto& rule : parse_modprobe_conf(text, "usb_storage", "/x")) {
    all += rule.kind == ModuleRule::Kind::kInstall     ? "install:"
           : rule.kind == ModuleRule::Kind::kBlacklist ? "blacklist:"
                                                       : "command:";
    all += std::to_string(rule.line) + " ";
  }
  return all;
}

TEST(ModprobeConf, ReadsBothSpellingsOfAName) {
  EXPECT_EQ(rules("blacklist usb-storage\ninstall usb_storage /bin/true\n"),
            "blacklist:1 install:2 ");
}

TEST(ModprobeConf, AnInstallLineThatDoesSomethingIsNoBar) {
  EXPECT_EQ(rules("install usb-storage /sbin/modprobe --ignore-install usb-storage\n"),
            "command:1 ");
  EXPECT_EQ(rules("install usb-storage /bin/false || /sbin/modprobe -i usb-storage\n"),
            "command:1 ");
  EXPECT_EQ(rules("install usb-storage /bin/false\n"), "install:1 ");
  EXPECT_EQ(rules("# blacklist usb-storage\nblacklist usb-storage2\nblacklist\n"), "");
}

TEST(ModprobeConf, ALineGoesOnBehindABackslash) {
  EXPECT_EQ(rules("#\ninstall usb-storage \\\n  /bin/true\nblacklist usb-storage\n"),
            "install:2 blacklist:4 ");
}

TEST(ModprobeConf, AFileInEtcHidesOneOfTheSameName) {
  MemoryHost host;
  host.files["/usr/lib/modprobe.d/usb.conf"] = "blacklist usb-storage\n";
  EXPECT_EQ(module_rules(host, "usb_storage")->size(), 1U);
  host.files["/etc/modprobe.d/usb.conf"] = "# nothing\n";
  EXPECT_EQ(module_rules(host, "usb_storage")->size(), 0U);
  host.files["/usr/local/lib/modprobe.d/own.conf"] = "blacklist usb-storage\n";
  EXPECT_EQ(module_rules(host, "usb_storage")->size(), 1U);
}

TEST(UsbguardConf, ReadsWhatHappensToDevicesWithoutARule) {
  const auto settings = parse_usbguard_conf(
      "# ImplicitPolicyTarget=allow\nImplicitPolicyTarget=reject\nRuleFolder=/etc/usbguard/rules.d/"
      "\n");
  EXPECT_EQ(settings.implicit_target, "reject");
  EXPECT_EQ(settings.target_line, 2);
  EXPECT_EQ(settings.rule_folder, "/etc/usbguard/rules.d");
  EXPECT_EQ(parse_usbguard_conf("").implicit_target, "block");
  EXPECT_EQ(count_usbguard_rules("allow id 1:2\n# block\nreject id *:*\n\n"), 2);
}

}  // namespace
}  // namespace assay::agent
