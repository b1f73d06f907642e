#include "agent/probes/linux/operations/remote/remote_access.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "agent/probes/linux/operations/remote/remote_settings.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/fixture_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

MemoryHost machine(const std::string& program) {
  MemoryHost host;
  host.add_process(1, "systemd");
  host.files[program] = "x";
  return host;
}

std::string of(Host& host, const std::vector<std::string_view>& columns) {
  const auto table = good(collect_remote_access(host));
  return table.rows().empty() ? "no row" : row(table, 0, columns);
}

constexpr std::string_view kDrive = "drive_redirection";
constexpr std::string_view kClipboard = "clipboard_redirection";

TEST(RemoteAccessTest, NothingFoundIsAnEmptyTable) {
  MemoryHost host;
  EXPECT_TRUE(good(collect_remote_access(host)).rows().empty());
}

TEST(RemoteAccessTest, EveryProductCanBeFoundByItsFirstProgram) {
  std::set<std::string_view> names;
  for (const auto& product : remote_products()) {
    EXPECT_TRUE(names.insert(product.product.name).second) << product.product.name;
    auto host = machine(std::string(product.product.programs.front()));
    EXPECT_EQ(of(host, {"name", "installed"}), std::string(product.product.name) + "|1");
    for (const auto process : product.product.processes) EXPECT_LE(process.size(), 15U) << process;
  }
}

TEST(RemoteAccessTest, XrdpPassesEverythingOnUnlessToldNotTo) {
  auto host = machine("/usr/sbin/xrdp");
  host.files["/etc/xrdp/xrdp.ini"] = "[Globals]\nport=3389\nsecurity_layer=negotiate\n";
  EXPECT_EQ(of(host, {"ports", "encryption", kDrive, kClipboard, "printer_redirection"}),
            "3389|negotiate|1|1|1");
  host.files["/etc/xrdp/xrdp.ini"] =
      "[Globals]\nport=tcp://:3390 vsock://x\n[Channels]\nrdpdr=false\ncliprdr=false\n";
  EXPECT_EQ(of(host, {"ports", kDrive, kClipboard, "usb_redirection"}), "3390|0|0|0");
  host.files["/etc/xrdp/xrdp.ini"] = "[Globals]\nallow_channels=false\n[Channels]\ncliprdr=true\n";
  EXPECT_EQ(of(host, {kDrive, kClipboard}), "0|0");
}

TEST(RemoteAccessTest, XrdpsSessionsHaveLimits) {
  auto host = machine("/usr/sbin/xrdp");
  host.files["/etc/xrdp/xrdp.ini"] = "[Globals]\n";
  host.files["/etc/xrdp/sesman.ini"] =
      "[Security]\nAllowRootLogin=false\nRestrictOutboundClipboard=all\n"
      "RestrictInboundClipboard=all\n[Sessions]\nIdleTimeLimit=900\n[Chansrv]\n"
      "EnableFuseMount=false\n";
  EXPECT_EQ(of(host, {"root_login", "idle_timeout_seconds", kClipboard, kDrive}), "0|900|0|0");
}

TEST(RemoteAccessTest, XrdpsClipboardIsClosedByEachWordForAllOfIt) {
  auto host = machine("/usr/sbin/xrdp");
  host.files["/etc/xrdp/xrdp.ini"] = "[Globals]\n";
  const auto clipboard = [&](const std::string& out, const std::string& in) {
    host.files["/etc/xrdp/sesman.ini"] =
        "[Security]\nRestrictOutboundClipboard=" + out + "\nRestrictInboundClipboard=" + in + "\n";
    return of(host, {kClipboard});
  };
  EXPECT_EQ(clipboard("true", "Yes"), "0");
  EXPECT_EQ(clipboard("ALL", "image, file, text"), "0");
  EXPECT_EQ(clipboard("all", "text"), "1");
}

TEST(RemoteAccessTest, XrdpLetsRootInOnlyWhenItSaysSo) {
  auto host = machine("/usr/sbin/xrdp");
  host.files["/etc/xrdp/sesman.ini"] = "[Security]\n";
  EXPECT_EQ(of(host, {"root_login"}), "0");
}

TEST(RemoteAccessTest, SettingsThatAreNotThereAreNoted) {
  auto host = machine("/usr/sbin/xrdp");
  EXPECT_EQ(of(host, {kClipboard, "root_login"}), "NULL|NULL");
  EXPECT_NE(of(host, {"note"}).find("/etc/xrdp/xrdp.ini is not there"), std::string::npos);
}

TEST(RemoteAccessTest, ItListensWhenItRunsAndItsPortIsOpen) {
  auto host = machine("/usr/sbin/sshd");
  host.files["/etc/ssh/sshd_config"] = "#Port 1\nPort 2222\n";
  host.sockets = {{.protocol = 6, .family = 2, .address = "0.0.0.0", .port = 2222}};
  EXPECT_EQ(of(host, {"ports", "running", "listens"}), "2222|0|0");
  host.add_process(7, "sshd");
  EXPECT_EQ(of(host, {"running", "listens"}), "1|1");
  host.sockets.clear();
  EXPECT_EQ(of(host, {"running", "listens"}), "1|0");
}

TEST(RemoteAccessTest, InAnImageNothingIsKnownToRun) {
  auto host = machine("/usr/sbin/sshd");
  host.live = false;
  EXPECT_EQ(of(host, {"installed", "running", "listens"}), "1|NULL|NULL");
}

TEST(RemoteAccessTest, AProgramIsKnownByItsPathWhateverItsName) {
  auto host = machine("/usr/bin/rustdesk");
  host.add_process(7, "renamed", "/usr/bin/rustdesk");
  EXPECT_EQ(of(host, {"name", "running"}), "RustDesk|1");
}

TEST(RemoteAccessTest, RustDeskTellsWhatItPassesOnAndNoPassword) {
  auto host = machine("/usr/bin/rustdesk");
  host.files["/root/.config/rustdesk/RustDesk2.toml"] =
      "rendezvous_server = 'x'\n[options]\nenable-clipboard = 'N'\nkey = 'canary'\n"
      "verification-method = 'use-permanent-password'\n";
  EXPECT_EQ(of(host, {kClipboard, kDrive, "authentication"}), "0|1|use-permanent-password");
  EXPECT_EQ(of(host, {"note", "source"}).find("canary"), std::string::npos);
}

TEST(RemoteAccessTest, TheMandatoryFileOfTigerVncHasTheLastWord) {
  auto host = machine("/usr/bin/Xtigervnc");
  host.files["/etc/tigervnc/vncserver-config-defaults"] =
      "$SecurityTypes = \"None\";\n$localhost=\"yes\";\n";
  host.files["/etc/tigervnc/vncserver-config-mandatory"] = "securitytypes=TLSVnc\n";
  EXPECT_EQ(of(host, {"authentication"}), "TLSVnc");
  EXPECT_NE(of(host, {"note"}).find("loopback only"), std::string::npos);
}

TEST(RemoteAccessTest, TigerVncsSettingsAreStatementsOfPerl) {
  auto host = machine("/usr/bin/Xtigervnc");
  host.files["/etc/tigervnc/vncserver-config-defaults"] =
      "$localhost = 1; $SecurityTypes='A,B'; # C\n";
  EXPECT_EQ(of(host, {"authentication"}), "A,B");
  EXPECT_NE(of(host, {"note"}).find("loopback only"), std::string::npos);
  host.files["/etc/tigervnc/vncserver-config-mandatory"] = "$localhost = \"no\";  # for all\n";
  EXPECT_EQ(of(host, {"note"}).find("loopback only"), std::string::npos);
}

TEST(RemoteAccessTest, TigerVncsPlainFormHasFlags) {
  auto host = machine("/usr/bin/Xtigervnc");
  host.files["/etc/tigervnc/vncserver-config-defaults"] = "securitytypes=vncauth\nlocalhost\n";
  EXPECT_NE(of(host, {"note"}).find("loopback only"), std::string::npos);
}

TEST(RemoteAccessTest, WebConsolesHaveTheirOwnSettings) {
  auto host = machine("/usr/libexec/cockpit-ws");
  host.files["/etc/cockpit/cockpit.conf"] =
      "[WebService]\nAllowUnencrypted = true\n[Session]\nIdleTimeout=15\n";
  EXPECT_EQ(of(host, {"name", "encryption", "idle_timeout_seconds"}), "Cockpit|optional|900");
  auto other = machine("/usr/share/webmin/miniserv.pl");
  other.files["/etc/webmin/miniserv.conf"] = "port=10001\nssl=1\npass=canary\n";
  EXPECT_EQ(of(other, {"name", "ports", "encryption"}), "Webmin|10001|tls");
}

TEST(RemoteAccessTest, ScreenConnectIsFoundByItsFolder) {
  auto host = machine("/opt/connectwisecontrol-0123abcd/ClientService");
  host.files["/lib/systemd/system/connectwisecontrol-0123abcd.service"] = "[Unit]";
  EXPECT_EQ(of(host, {"name", "installed", "enabled"}), "ConnectWise ScreenConnect|1|0");
}

TEST(RemoteAccessTest, ReadsAnImageOfRedHat) {
  auto host = fixture_host("rhel9_operations");
  EXPECT_EQ(of(host, {"name", "enabled", kDrive, kClipboard, "encryption", "idle_timeout_seconds"}),
            "xrdp|0|0|1|tls|900");
  EXPECT_EQ(of(host, {"version"}), "1:0.9.25-1.el9");
}

TEST(RemoteAccessTest, VersionsComeFromRpmAndApkToo) {
  auto suse = fixture_host("sles15");
  EXPECT_EQ(of(suse, {"name", "version"}), "OpenSSH server|9.6p1-150600.6.9.1");
  auto alpine = machine("/usr/sbin/sshd");
  alpine.files["/usr/lib/apk/db/installed"] = "P:openssh-server\nV:9.7_p1-r4\n\n";
  EXPECT_EQ(of(alpine, {"version"}), "9.7_p1-r4");
}

TEST(RemoteAccessTest, AToolThatOnlyItsPackageTellsOfIsSeen) {
  MemoryHost host;
  host.add_process(1, "systemd");
  host.files["/lib/apk/db/installed"] = "P:rustdesk\nV:1.3.2-r0\n\n";
  EXPECT_EQ(of(host, {"name", "installed", "version"}), "RustDesk|NULL|1.3.2-r0");
}

TEST(RemoteAccessTest, AFailureOfTheMachineFailsTheTable) {
  auto inner = machine("/usr/sbin/xrdp");
  for (const auto* path : {"/etc/xrdp/sesman.ini", "/opt", "/usr/bin/rustdesk"}) {
    FailingHost host(inner);
    host.fail_path(path, Error(Code::kIo, "disk on fire"));
    EXPECT_FALSE(collect_remote_access(host).has_value()) << path;
  }
}

}  // namespace
}  // namespace assay::agent
