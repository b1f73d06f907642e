#include "agent/probes/linux/network/listening_ports.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "agent/probes/linux/processes/process_facts.h"
#include "agent/probes/linux/software/package_owner.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

// sshd of a package on all addresses, a program of nobody's on loopback, a socket of the kernel's.
MemoryHost machine() {
  MemoryHost host;
  host.sockets = {{6, 2, "0.0.0.0", 22, 0, 71},
                  {6, 10, "::", 22, 0, 72},
                  {17, 2, "127.0.0.1", 5353, 1000, 73},
                  {6, 2, "0.0.0.0", 2049, 0, 0}};
  host.owners = {{71, 100}, {72, 100}, {73, 200}};
  host.add_process(100, "sshd", "/usr/sbin/sshd", "0::/system.slice/ssh.service\n");
  host.add_process(200, "oddity", "/opt/oddity/bin/oddity (deleted)", "0::/user.slice\n");
  host.files["/var/lib/dpkg/info/adduser.list"] = "/.\n/usr/sbin/adduser\n";
  host.files["/var/lib/dpkg/info/openssh-server.list"] = "/.\n/usr/sbin\n/usr/sbin/sshd\n";
  return host;
}

TEST(ListeningPortsTest, JoinsSocketProcessPackageAndUnit) {
  auto host = machine();
  const auto table = good(collect_listening_ports(host));
  EXPECT_EQ(row(table, 0,
                {"port", "protocol", "family", "address", "path", "process", "package", "unit",
                 "uid", "net_namespace"}),
            "22|6|2|0.0.0.0|/usr/sbin/sshd|sshd|openssh-server|ssh.service|0|NULL");
  EXPECT_EQ(row(table, 1, {"family", "address", "package"}), "10|::|openssh-server");
}

TEST(ListeningPortsTest, AProgramOfNoPackageHasNone) {
  auto host = machine();
  EXPECT_EQ(
      row(good(collect_listening_ports(host)), 2, {"path", "process", "package", "unit", "uid"}),
      "/opt/oddity/bin/oddity|oddity|NULL|NULL|1000");
}

TEST(ListeningPortsTest, ASocketWithoutProcessIsStillListed) {
  auto host = machine();
  EXPECT_EQ(
      row(good(collect_listening_ports(host)), 3, {"port", "path", "process", "package", "unit"}),
      "2049|NULL|NULL|NULL|NULL");
}

TEST(ListeningPortsTest, AMachineWithoutDpkgHasNoPackages) {
  auto host = machine();
  std::erase_if(host.files, [](const auto& file) { return file.first.starts_with("/var"); });
  EXPECT_EQ(row(good(collect_listening_ports(host)), 0, {"path", "package"}),
            "/usr/sbin/sshd|NULL");
}

TEST(ListeningPortsTest, AnImageHasNone) {
  auto host = machine();
  host.live = false;
  EXPECT_EQ(collect_listening_ports(host).error().code(), Code::kNotSupported);
}

TEST(ListeningPortsTest, AFailureOfTheMachineIsPassedOn) {
  auto inner = machine();
  FailingHost no_sockets(inner);
  no_sockets.fail_sockets(Error(Code::kNotSupported, "no sock_diag"));
  EXPECT_EQ(collect_listening_ports(no_sockets).error().code(), Code::kNotSupported);
  FailingHost no_owners(inner);
  no_owners.fail_owners(Error(Code::kIo, "no /proc"));
  EXPECT_EQ(collect_listening_ports(no_owners).error().code(), Code::kIo);
  for (const auto* path : {"/var/lib/dpkg/info", "/var/lib/dpkg/info/openssh-server.list"}) {
    FailingHost no_lists(inner);
    no_lists.fail_path(path, Error(Code::kIo, "disk on fire"));
    EXPECT_EQ(collect_listening_ports(no_lists).error().code(), Code::kIo) << path;
  }
}

TEST(ListeningPortsTest, AProcessThatMayNotBeLookedAtIsNull) {
  auto inner = machine();
  FailingHost host(inner);
  host.fail_path("/proc/100", Error(Code::kPermissionDenied, "no"));
  EXPECT_EQ(row(good(collect_listening_ports(host)), 0, {"port", "path", "process", "unit"}),
            "22|NULL|NULL|NULL");
}

TEST(PackageOwnerTest, KnowsBothNamesOfAMergedPath) {
  EXPECT_TRUE(lists_path("/.\n/bin/login\n", "/usr/bin/login"));
  EXPECT_TRUE(lists_path("/.\n/usr/bin/login\n", "/bin/login"));
  EXPECT_TRUE(lists_path("/lib/systemd/systemd", "/usr/lib/systemd/systemd"));
  EXPECT_TRUE(lists_path("/opt/x/run", "/opt/x/run"));
}

TEST(PackageOwnerTest, APartOfALineIsNotThePath) {
  EXPECT_FALSE(lists_path("/usr/bin/login2\n/x/usr/bin/login\n/x/bin/login\n", "/usr/bin/login"));
  EXPECT_FALSE(lists_path("/usr/opt/x\n", "/opt/x"));
  EXPECT_FALSE(lists_path("", "/opt/x"));
}

TEST(PackageOwnerTest, LikelyPackagesComeFirst) {
  EXPECT_GT(resemblance("openssh-server", "/usr/sbin/sshd"),
            resemblance("adduser", "/usr/sbin/sshd"));
  EXPECT_GT(resemblance("nginx", "/usr/sbin/nginx"),
            resemblance("nginx-common", "/usr/sbin/nginx"));
  EXPECT_GT(resemblance("postgresql", "/usr/lib/postgresql/15/bin/postgres"), 0);
  EXPECT_EQ(resemblance("zlib1g", "/usr/sbin/sshd"), 0);
}

TEST(ProcessFactsTest, TheUnitIsTheInnermostOne) {
  EXPECT_EQ(unit_from_cgroup("0::/system.slice/ssh.service\n"), "ssh.service");
  EXPECT_EQ(unit_from_cgroup("4:memory:/x.service\n1:name=systemd:/system.slice/cron.service/a\n"),
            "cron.service");
  EXPECT_EQ(unit_from_cgroup("0::/user.slice/user-0.slice/user@0.service/app.slice/web.service\n"),
            "web.service");
  EXPECT_EQ(unit_from_cgroup("0::/user.slice\n"), "");
  EXPECT_EQ(unit_from_cgroup("garbage"), "");
}

}  // namespace
}  // namespace assay::agent
