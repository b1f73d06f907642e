#include "agent/probes/linux/network/dns_resolvers.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "agent/probes/linux/network/resolv_conf.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

TEST(DnsResolversTest, ReadsWhatLibcReads) {
  const auto entries = parse_resolv_conf(
      "# nameserver 9.9.9.9\nnameserver 192.0.2.1\n nameserver 192.0.2.9\nnameserver 2001:db8::1\n"
      "search old.example\nsearch a.example b.example\noptions edns0 trust-ad\n"
      "sortlist 10.0.0.0/255.0.0.0\nnameserver 192.0.2.3\nnameserver 192.0.2.4\n");
  std::string text;
  for (const auto& entry : entries) text += entry.type + ' ' + entry.address + entry.netmask + '\n';
  EXPECT_EQ(text,
            "nameserver 192.0.2.1\nnameserver 2001:db8::1\nnameserver 192.0.2.3\n"
            "search a.example\nsearch b.example\noption edns0\noption trust-ad\n"
            "sortlist 10.0.0.0255.0.0.0\n");
}

std::string servers_in(std::string_view text) {
  std::string found;
  for (const auto& entry : parse_resolv_conf(text)) found += entry.address + ' ';
  return found;
}

TEST(DnsResolversTest, WhatLibcCannotReadTakesNoPlaceOfAServer) {
  EXPECT_EQ(servers_in("nameserver none\nnameserver 192.0.2.1;a\nnameserver 192.0.2.2#53\n"
                       "nameserver fe80::1%eth0\nnameserver 192.0.2.3 ;a\nnameserver 192.0.2.4\n"),
            "fe80::1%eth0 192.0.2.3 192.0.2.4 ");
  EXPECT_EQ(servers_in("nameserver 127.1\nnameserver fe80::1%\nnameserver ::1%eth0\n"
                       "nameserver 192.0.2.1.5\nnameserver ::1%2\n"),
            "127.0.0.1 ::1%2 ");
}

TEST(DnsResolversTest, AllDomainsCount) {
  std::string line = "search";
  for (int i = 0; i < 300; ++i) line += " example";
  EXPECT_EQ(parse_resolv_conf(line).size(), 300U);
}

TEST(DnsResolversTest, LaterFilesOfResolvedWin) {
  MemoryHost host;
  host.files["/etc/systemd/resolved.conf"] =
      "[Resolve]\nDNS=192.0.2.1\nDNSSEC=no\n#DNSOverTLS=yes\n";
  host.files["/etc/systemd/resolved.conf.d/10-x.conf"] =
      "[Resolve]\nDNSSEC=yes\nDNSOverTLS=opportunistic\nDNS=\nDNS=192.0.2.2\n";
  const auto table = good(collect_dns_resolvers(host));
  EXPECT_EQ(cell(table, "address", "DNSSEC=yes", "source"),
            "/etc/systemd/resolved.conf.d/10-x.conf");
  EXPECT_EQ(cell(table, "address", "DNSOverTLS=opportunistic", "note"), "systemd-resolved");
  EXPECT_EQ(cell(table, "address", "192.0.2.1", "type"), "no such row");
  EXPECT_EQ(cell(table, "address", "192.0.2.2", "type"), "nameserver");
}

TEST(DnsResolversTest, NetworkManagersServersCarryTheirInterface) {
  MemoryHost host;
  host.files["/etc/NetworkManager/system-connections/a.nmconnection"] =
      "[connection]\ninterface-name=eth0\n[ipv4]\ndns=192.0.2.1;192.0.2.2;\n[wifi-security]\n"
      "psk=do not show\n";
  const auto table = good(collect_dns_resolvers(host));
  EXPECT_EQ(table.rows().size(), 2U);
  EXPECT_EQ(cell(table, "address", "192.0.2.2", "interface"), "eth0");
}

TEST(DnsResolversTest, AMachineWithoutResolverHasAnEmptyTableAndAnUnreadableFileIsAnError) {
  MemoryHost inner;
  EXPECT_TRUE(good(collect_dns_resolvers(inner)).rows().empty());
  FailingHost host(inner);
  host.fail_path("/etc/resolv.conf", Error(Code::kPermissionDenied, "no"));
  EXPECT_EQ(collect_dns_resolvers(host).error().code(), Code::kPermissionDenied);
}

TEST(DnsResolversTest, ADamagedFileIsNotOneWithoutResolvers) {
  MemoryHost host;
  host.files["/etc/resolv.conf"] = std::string("\0\0\0\n", 4);
  EXPECT_EQ(collect_dns_resolvers(host).error().code(), Code::kInvalidData);
}

}  // namespace
}  // namespace assay::agent
