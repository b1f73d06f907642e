#include "agent/probes/linux/network/wireless/wifi_networks.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

constexpr std::string_view kSecret = "correct horse";

evidence::Table networks(const std::string& path, const std::string& text) {
  MemoryHost host;
  host.files[path] = text;
  auto table = good(collect_wifi_networks(host));
  for (std::size_t i = 0; i < table.rows().size(); ++i)
    for (const auto& value : table.rows()[i])
      EXPECT_EQ(evidence::to_text(value).find(kSecret), std::string::npos);
  return table;
}

evidence::Table profile(const std::string& security) {
  return networks("/etc/NetworkManager/system-connections/a.nmconnection",
                  "[connection]\ntype=wifi\n[wifi]\nssid=office\n" + security);
}

TEST(WifiNetworksTest, NetworkManagersKindsOfSecurity) {
  EXPECT_EQ(row(profile(""), 0, {"ssid", "security", "hidden", "autoconnect"}), "office|open|0|1");
  const std::string head = "[wifi-security]\nkey-mgmt=";
  EXPECT_EQ(row(profile(head + "none\nwep-key0=correct horse"), 0, {"security"}), "wep");
  EXPECT_EQ(row(profile(head + "wpa-psk\npsk=correct horse"), 0, {"security"}), "wpa-psk");
  EXPECT_EQ(row(profile(head + "wpa-psk\nproto=rsn;"), 0, {"security"}), "wpa2-psk");
  EXPECT_EQ(row(profile(head + "sae"), 0, {"security"}), "wpa3-sae");
  EXPECT_EQ(row(profile(head + "wpa-eap\n[802-1x]\npassword=correct horse"), 0, {"security"}),
            "wpa-eap");
  EXPECT_EQ(row(profile(head + "of-tomorrow"), 0, {"security"}), "NULL");
}

TEST(WifiNetworksTest, ANameMayBeWrittenAsBytes) {
  const auto table = networks("/etc/NetworkManager/system-connections/x",
                              "[connection]\ntype=802-11-wireless\nautoconnect=false\n"
                              "[802-11-wireless]\nssid=65;66;\nhidden=true\n");
  EXPECT_EQ(row(table, 0, {"ssid", "hidden", "autoconnect"}), "AB|1|0");
}

TEST(WifiNetworksTest, ACableIsNoWirelessNetwork) {
  EXPECT_TRUE(networks("/etc/NetworkManager/system-connections/x", "[connection]\ntype=ethernet\n")
                  .rows()
                  .empty());
  EXPECT_TRUE(
      networks("/etc/sysconfig/network-scripts/ifcfg-eth0", "TYPE=Ethernet\n").rows().empty());
}

TEST(WifiNetworksTest, BlocksOfWpaSupplicant) {
  const auto table = networks(
      "/etc/wpa_supplicant/wpa_supplicant.conf",
      "ctrl_interface=x\nnetwork={\n ssid=\"a\"\n psk=\"correct horse\"\n scan_ssid=1\n}\n"
      "network={\n\tssid=4142\n\tkey_mgmt=SAE\n\tdisabled=1\n}\n"
      "network={\nssid=\"c\"\nkey_mgmt=NONE\nwep_key0=\"correct horse\"\n}\nnetwork={\nssid=\"d\"\n"
      "key_mgmt=WPA-PSK SAE\nproto=RSN\n}\nnetwork={\nssid=\"cut\"");
  EXPECT_EQ(row(table, 0, {"ssid", "security", "hidden", "autoconnect"}), "a|wpa-psk|1|1");
  EXPECT_EQ(row(table, 1, {"ssid", "security", "autoconnect"}), "AB|wpa3-sae|0");
  EXPECT_EQ(row(table, 2, {"security"}), "wep");
  EXPECT_EQ(row(table, 3, {"security"}), "wpa2-psk");
  EXPECT_EQ(table.rows().size(), 4U);
}

TEST(WifiNetworksTest, FilesOfIwdIfcfgAndIfupdown) {
  EXPECT_EQ(row(networks("/var/lib/iwd/=c3a4.psk", "[Security]\nPassphrase=correct horse\n"), 0,
                {"ssid", "security"}),
            "ä|wpa2-psk");
  EXPECT_EQ(row(networks("/etc/sysconfig/network-scripts/ifcfg-home",
                         "TYPE=Wireless\nESSID=\"home\"\nKEY_MGMT=WPA-PSK\nONBOOT=no\n"),
                0, {"ssid", "security", "autoconnect"}),
            "home|wpa-psk|0");
  EXPECT_EQ(row(networks("/etc/network/interfaces",
                         "auto wlan0\niface wlan0 inet dhcp\n wpa-ssid cafe\n"
                         " wpa-psk correct horse\n"),
                0, {"ssid", "security", "autoconnect", "interface"}),
            "cafe|wpa-psk|1|wlan0");
}

TEST(WifiNetworksTest, AFolderThatMayNotBeReadIsAnError) {
  MemoryHost inner;
  inner.files["/etc/NetworkManager/system-connections/a"] = "x";
  FailingHost host(inner);
  host.fail_path("/etc/NetworkManager/system-connections", Error(Code::kPermissionDenied, "no"));
  EXPECT_EQ(collect_wifi_networks(host).error().code(), Code::kPermissionDenied);
  MemoryHost nothing;
  EXPECT_TRUE(good(collect_wifi_networks(nothing)).rows().empty());
}

}  // namespace
}  // namespace assay::agent
