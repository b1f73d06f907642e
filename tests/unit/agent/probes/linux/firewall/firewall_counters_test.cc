#include "agent/probes/linux/firewall/firewall_counters.h"

#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <iterator>

#include "agent/host/failing_host.h"
#include "agent/host/recording_host.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/linux/firewall/nft_text.h"
#include "tests/unit/agent/rows.h"
#include "tests/unit/source_file.h"

namespace assay::agent {
namespace {

MemoryHost machine() {
  MemoryHost host;
  host.files["/proc/stat"] = "cpu  1 2 3\nbtime 1795000000\nprocesses 4\n";
  return host;
}

std::vector<std::string> counters(Host& host) {
  const auto table = good(collect_firewall_counters(host));
  std::vector<std::string> rows;
  for (std::size_t i = 0; i < table.rows().size(); ++i)
    rows.push_back(row(table, i,
                       {"backend", "family", "table_name", "chain", "position", "packets", "bytes",
                        "not_before"}));
  return rows;
}

TEST(FirewallCountersTest, RulesOfNftablesThatCountHaveARow) {
  auto host = machine();
  host.nft.emplace();
  host.nft->json = nft_input(
      {nft_port(22) + R"(,{"counter": {"packets": 3, "bytes": 180}},)" + kNftAccept,
       nft_port(23) + "," + kNftDrop, nft_port(24) + R"(,{"counter": "web"},)" + kNftAccept,
       nft_port(25) + R"(,{"counter": null},)" + kNftAccept},
      "drop",
      R"(,{"counter": {"family": "inet", "table": "filter", "name": "web", "handle": 3, )"
      R"("packets": 5, "bytes": 18446744073709551615}})");
  EXPECT_EQ(counters(host), (std::vector<std::string>{
                                "nftables|inet|filter|input|1|3|180|1795000000",
                                "nftables|inet|filter|input|3|5|9223372036854775807|1795000000"}));
}

TEST(FirewallCountersTest, ARuleThatIsSeveralRowsElsewhereIsCountedOnce) {
  auto host = machine();
  host.nft.emplace();
  host.nft->json = nft_input(
      {R"({"counter": {"packets": 7, "bytes": 9}},{"vmap": {"key": {"payload": {"protocol": "tcp", )"
       R"("field": "dport"}}, "data": {"set": [[1, {"accept": null}], [2, {"drop": null}]]}}})"});
  EXPECT_EQ(counters(host).size(), 1U);
}

// The kernel's own answer; see tests/fuzz/corpus/legacy_table/README.md.
TEST(FirewallCountersTest, EveryRuleOfIptablesCountsAndSoDoPolicies) {
  std::ifstream file(source_file("tests/fuzz/corpus/legacy_table/input_and_a_chain"),
                     std::ios::binary);
  const std::string seed((std::istreambuf_iterator<char>(file)), {});
  auto host = machine();
  host.files["/proc/net/ip_tables_names"] = "filter\n";
  host.legacy_tables = {{.family = 2,
                         .name = "filter",
                         .valid_hooks = 14,
                         .hook_entry = {0, 0, 896, 1048, 0},
                         .entry_count = 9,
                         .entries = seed.substr(13)}};
  constexpr std::size_t kCountersAt = 96;  // in an entry of ip_tables
  const std::uint64_t packets = 42;
  std::memcpy(host.legacy_tables[0].entries.data() + kCountersAt, &packets, sizeof packets);
  const auto rows = counters(host);
  EXPECT_EQ(rows.at(0), "iptables-legacy|ip|filter|INPUT|0|0|0|1795000000");
  EXPECT_EQ(rows.at(1), "iptables-legacy|ip|filter|INPUT|1|42|0|1795000000");
}

TEST(FirewallCountersTest, WithoutRulesThereIsNoRow) {
  auto host = machine();
  host.files.erase("/proc/stat");
  EXPECT_TRUE(counters(host).empty());
  host.nft.emplace();
  host.nft->json = nft_input({R"({"counter": {"packets": 3, "bytes": 180}})"});
  EXPECT_EQ(counters(host), std::vector<std::string>{"nftables|inet|filter|input|1|3|180|NULL"});
}

TEST(FirewallCountersTest, FiltersThatCannotBeReadFailTheTable) {
  auto inner = machine();
  inner.nft.emplace();
  FailingHost host(inner);
  host.fail_filters(Error(Code::kPermissionDenied, "no"));
  EXPECT_EQ(collect_firewall_counters(host).error().code(), Code::kPermissionDenied);
}

TEST(FirewallCountersTest, WhatWasCountedIsNeverTakenForUnchanged) {
  auto host = machine();
  host.nft.emplace();
  RecordingHost recording(host);
  EXPECT_TRUE(collect_firewall_counters(recording).has_value());
  EXPECT_FALSE(SecondLook(host).unchanged(recording.take()));
}

}  // namespace
}  // namespace assay::agent
