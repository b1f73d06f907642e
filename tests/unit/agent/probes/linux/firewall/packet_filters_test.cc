#include "agent/probes/linux/firewall/packet_filters.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "agent/probes/linux/firewall/firewall_rules.h"
#include "agent/probes/linux/firewall/firewall_status.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/linux/firewall/nft_text.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

// A kernel with modules, none of them of a packet filter.
MemoryHost machine() {
  MemoryHost host;
  host.files["/proc/modules"] = "ext4 1 0 - Live 0x0\n";
  host.files["/proc/sys/kernel/osrelease"] = "6.1.0\n";
  host.files["/lib/modules/6.1.0/modules.builtin"] = "kernel/fs/mbcache.ko\n";
  return host;
}

TEST(PacketFiltersTest, AModuleIsLoadedOrBuiltInOrNotThere) {
  auto host = machine();
  EXPECT_EQ(has_nftables(host), false);
  host.files["/proc/modules"] += "nf_tables 303104 0 - Live 0x0\n";
  EXPECT_EQ(has_nftables(host), true);
  auto built_in = machine();
  built_in.files["/lib/modules/6.1.0/modules.builtin"] += "kernel/net/netfilter/nf_tables.ko\n";
  EXPECT_EQ(has_nftables(built_in), true);
}

// A question would load the module.
TEST(PacketFiltersTest, WhetherTheKernelHasAModuleIsNeverGuessed) {
  auto host = machine();
  host.files.erase("/lib/modules/6.1.0/modules.builtin");
  EXPECT_EQ(has_nftables(host).error().code(), Code::kUnavailable);
  EXPECT_EQ(collect_firewall_status(host).error().code(), Code::kUnavailable);
}

// systemd's ProtectKernelModules hides the folder of the modules.
TEST(PacketFiltersTest, TheKernelsOptionsTellWhereTheModulesAreHidden) {
  auto host = machine();
  host.files.erase("/lib/modules/6.1.0/modules.builtin");
  host.files["/boot/config-6.1.0"] = "# x\nCONFIG_NF_TABLES=m\n";
  EXPECT_EQ(has_nftables(host), false);
  host.files["/boot/config-6.1.0"] = "# x\nCONFIG_NF_TABLES=y\n";
  EXPECT_EQ(has_nftables(host), true);
}

TEST(PacketFiltersTest, NoFilterAtAllIsSaidClearly) {
  auto host = machine();
  const auto table = good(collect_firewall_status(host));
  EXPECT_EQ(cell(table, "backend", "kernel", "note"), "no packet filter at all");
  EXPECT_EQ(cell(table, "backend", "kernel", "default_in"), "accept");
  EXPECT_EQ(cell(table, "backend", "nftables", "present"), "0");
  EXPECT_EQ(cell(table, "backend", "nftables", "default_in"), "NULL");
  EXPECT_EQ(table.rows().size(), 6U);
}

TEST(PacketFiltersTest, AFilterThatCannotBeReadIsNoFilterAtAll) {
  auto inner = machine();
  inner.files["/proc/modules"] = "nf_tables 1 0\n";
  FailingHost host(inner);
  host.fail_filters(Error(Code::kPermissionDenied, "no"));
  EXPECT_EQ(collect_firewall_status(host).error().code(), Code::kPermissionDenied);
  EXPECT_EQ(collect_firewall_rules(host).error().code(), Code::kPermissionDenied);
  FailingHost no_names(inner);
  no_names.fail_path("/proc/net/ip_tables_names", Error(Code::kPermissionDenied, "no"));
  inner.nft = NftRuleset{};
  EXPECT_EQ(collect_firewall_status(no_names).error().code(), Code::kPermissionDenied);
}

TEST(PacketFiltersTest, ADroppingPolicyIsActive) {
  auto host = machine();
  host.files["/proc/modules"] = "nf_tables 1 0\n";
  host.nft = NftRuleset{.json = nft_input({}), .extensions = {}};
  const auto table = good(collect_firewall_status(host));
  EXPECT_EQ(cell(table, "backend", "nftables", "active"), "1");
  EXPECT_EQ(cell(table, "backend", "kernel", "default_in_v6"), "drop");
  EXPECT_EQ(cell(table, "backend", "kernel", "note"), "NULL");
}

TEST(PacketFiltersTest, RulesBecomeRowsAndPoliciesPositionZero) {
  auto host = machine();
  host.files["/proc/modules"] = "nf_tables 1 0\n";
  host.nft = NftRuleset{.json = nft_input({nft_source("10.0.0.0") + "," + nft_port(22) + "," +
                                           kNftMark + "," + kNftAccept}),
                        .extensions = {}};
  const auto table = good(collect_firewall_rules(host));
  EXPECT_EQ(row(table, 0, {"position", "direction", "action", "is_complete"}), "0|in|drop|1");
  EXPECT_EQ(
      row(table, 1, {"family", "source", "protocol", "destination_ports", "action", "is_complete"}),
      "ip|10.0.0.0|tcp|22|accept|0");
  EXPECT_NE(row(table, 1, {"expression"}).find("mark"), std::string::npos);
}

TEST(PacketFiltersTest, ATableOfIptablesWithBrokenEntriesIsAnError) {
  auto host = machine();
  host.files["/proc/net/ip_tables_names"] = "filter\n";
  host.legacy_tables = {
      {.family = 2, .name = "filter", .entry_count = 3, .entries = std::string(300, '\1')}};
  EXPECT_EQ(collect_firewall_rules(host).error().code(), Code::kInvalidData);
}

}  // namespace
}  // namespace assay::agent
