#include "agent/network/sensor/lists/block_list.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace assay::agent::sensor {
namespace {

// "kind value[:port] line" of each entry.
std::vector<std::string> entries_of(const ParsedList& list) {
  std::vector<std::string> all;
  for (const auto& each : list.entries) {
    auto text = std::string(name_of(each.kind)) + " ";
    text += each.kind == EntryKind::kDomain    ? each.domain
            : each.kind == EntryKind::kAddress ? to_text(each.network.address)
                                               : to_text(each.network);
    if (each.port != 0) text += ":" + std::to_string(each.port);
    if (each.is_exception) text = "not " + text;
    all.push_back(text + " " + std::to_string(each.line));
  }
  return all;
}

ParsedList parsed(std::string_view text) {
  auto list = parse_block_list(text);
  EXPECT_TRUE(list) << list.error().message();
  return list ? *std::move(list) : ParsedList();
}

using Entries = std::vector<std::string>;

TEST(ListParserTest, ReadsPlainLists) {
  const auto list = parsed(
      "# Source File Date: Fri Nov 20 2026 2026-11-20 08:00\r\n"
      "203.0.113.9\r\n"
      "198.51.100.77/24 ; SBL123\n"
      "203.0.113.10:447\n"
      "\n"
      "[2001:db8::7]:8080\n"
      "2001:db8:5::/48\n"
      "Bad.Example.\n"
      "壞蛋.example\n"
      "not a line of a list\n"
      "999.1.2.3\n"
      "http://bad.example/x\n");
  EXPECT_EQ(entries_of(list), (Entries{"address 203.0.113.9 2", "network 198.51.100.0/24 3",
                                       "address 203.0.113.10:447 4", "address 2001:db8::7:8080 6",
                                       "network 2001:db8:5::/48 7", "domain bad.example 8",
                                       "domain xn--mqss28h.example 9"}));
  EXPECT_EQ(list.not_understood, 3U);
  EXPECT_EQ(list.first_not_understood, 10U);
  EXPECT_EQ(list.date, "2026-11-20");
}

// Found by fuzzing: a name with a character beyond the last one of Unicode never ended.
TEST(ListParserTest, ANameThatIsNotUtf8IsNotUnderstood) {
  for (const auto* name :
       {"\xf4\xaa\x92\xb8", "\xf4\x90\x80\x80", "\xed\xa0\x80", "\xe0\x80\x80", "\xf0\x80\x80\x80",
        "\xc1\x80", "\xf5\x80\x80\x80", "\xe5\xa3", "\x80"}) {
    EXPECT_EQ(domain_from(std::string(name) + ".example"), std::nullopt) << name;
    EXPECT_EQ(parsed(std::string("203.0.113.9\n") + name + ".example\n").not_understood, 1U);
  }
  EXPECT_EQ(domain_from("\xf4\x8f\xbf\xbf.example"), "xn--dn32g.example");
}

TEST(ListParserTest, ReadsHostsFilesDnsmasqAndAdblock) {
  EXPECT_EQ(entries_of(parsed("127.0.0.1 localhost\n0.0.0.0 0.0.0.0\n::1 ip6-loopback\n"
                              "0.0.0.0 bad.example worse.example # both\n")),
            (Entries{"domain bad.example 4", "domain worse.example 4"}));
  EXPECT_EQ(entries_of(parsed("address=/bad.example/a.example/0.0.0.0\nserver=/worse.example/\n"
                              "server=/ok.worse.example/#\nserver=/inside.example/192.0.2.1\n")),
            (Entries{"domain bad.example 1", "domain a.example 1", "domain worse.example 2",
                     "not domain ok.worse.example 3"}));
  EXPECT_EQ(entries_of(
                parsed("[Adblock Plus 2.0]\n! a comment\n||bad.example^\n||x.example^$third-party\n"
                       "@@||good.example^\n")),
            (Entries{"domain bad.example 3", "domain x.example 4", "not domain good.example 5"}));
}

TEST(ListParserTest, ReadsResponsePolicyZones) {
  const auto list = parsed(
      "$TTL 300\n"
      "@ IN SOA localhost. root.localhost. ( 2026112001 ; serial\n"
      "  3600 600 86400 300 )\n"
      "  IN NS localhost.\n"
      "; made 2026-11-19\n"
      "bad.example CNAME .\n"
      "*.bad.example 300 IN CNAME .\n"
      "good.example CNAME rpz-passthru.\n"
      "32.9.113.0.203.rpz-ip CNAME .\n"
      "24.0.100.51.198.rpz-ip CNAME .\n"
      "48.zz.5.db8.2001.rpz-ip CNAME .\n"
      "ns.bad.example.rpz-nsdname CNAME .\n"
      "walled.example A 192.0.2.1\n");
  EXPECT_EQ(entries_of(list),
            (Entries{"domain bad.example 6", "domain bad.example 7", "not domain good.example 8",
                     "address 203.0.113.9 9", "network 198.51.100.0/24 10",
                     "network 2001:db8:5::/48 11", "domain walled.example 13"}));
  EXPECT_EQ(list.entries[0].reach, Reach::kItOnly);
  EXPECT_EQ(list.entries[1].reach, Reach::kBelowOnly);
  EXPECT_EQ(list.not_understood, 1U);
  EXPECT_EQ(list.date, "2026-11-19");
}

TEST(ListParserTest, ReadsMispAndOtherCsv) {
  const auto misp = parsed(
      "uuid,event_id,category,type,value,comment,to_ids,date\n"
      "1,2,Network activity,ip-dst,203.0.113.9,\"a, \"\"quoted\"\" one\",1,1763596800\n"
      "1,2,Network activity,ip-dst|port,203.0.113.10|447,,1,1763596800\n"
      "1,2,Network activity,domain,bad.example,,1,1763596800\n"
      "1,2,Network activity,domain|ip,worse.example|203.0.113.11,,1,1763596800\n"
      "1,2,Network activity,hostname,not.detect.example,,0,1763596800\n"
      "1,2,Payload delivery,md5,d41d8cd98f00b204e9800998ecf8427e,,1,1763596800\n");
  EXPECT_EQ(entries_of(misp),
            (Entries{"address 203.0.113.9 2", "address 203.0.113.10:447 3", "domain bad.example 4",
                     "address 203.0.113.11 5", "domain worse.example 5"}));
  EXPECT_EQ(misp.entries[0].date, "2025-11-20");
  const auto feodo = parsed(
      "# Feodo\n# "
      "\"first_seen_utc\",\"dst_ip\",\"dst_port\",\"c2_status\",\"last_online\",\"malware\"\n"
      "\"2026-11-01 00:00:00\",\"203.0.113.9\",\"447\",\"online\",\"2026-11-20\",\"x\"\n");
  EXPECT_EQ(entries_of(feodo), Entries{"address 203.0.113.9:447 3"});
  EXPECT_EQ(feodo.entries[0].date, "2026-11-20");
}

TEST(ListParserTest, ReadsEventsOfMispAsJson) {
  const auto list = parsed(R"({"Event": {"uuid": "x", "date": "2026-11-20", "info": "a campaign",
"Attribute": [
 {"type": "ip-dst", "category": "Network activity", "to_ids": true, "value": "203.0.113.9", "timestamp": "1763596800"},
 {"type": "ip-dst|port", "to_ids": true, "value": "2001:db8::7|447"},
 {"type": "domain", "to_ids": false, "value": "not.detect.example"},
 {"type": "domain", "to_ids": true, "deleted": true, "value": "deleted.example"},
 {"type": "md5", "to_ids": true, "value": "d41d8cd98f00b204e9800998ecf8427e"},
 {"type": "domain", "to_ids": true, "value": "no name"}],
"Object": [{"name": "domain-ip", "Attribute": [{"value": "worse.example", "type": "domain"}]}],
"ShadowAttribute": [{"type": "domain", "to_ids": true, "value": "proposed.example"}],
"Tag": [{"name": "tlp:green"}]}}
)");
  EXPECT_EQ(entries_of(list), (Entries{"address 203.0.113.9 3", "address 2001:db8::7:447 4",
                                       "domain worse.example 9"}));
  EXPECT_EQ(list.date, "2026-11-20");
  EXPECT_EQ(list.entries[0].date, "2025-11-20");
  EXPECT_EQ(list.not_understood, 1U);
  EXPECT_EQ(list.first_not_understood, 8U);
}

TEST(ListParserTest, ReadsArraysOfValuesAndOfObjects) {
  EXPECT_EQ(
      entries_of(parsed("[\n\"203.0.113.9\",\n\"bad.example\", \"198.51.100.0/24\"]")),
      (Entries{"address 203.0.113.9 2", "domain bad.example 3", "network 198.51.100.0/24 3"}));
  EXPECT_EQ(entries_of(parsed(R"({"ips": ["203.0.113.9"], "tags": ["x.example"]})")),
            Entries{"address 203.0.113.9 1"});
  const auto feodo = parsed(R"([{"ip_address": "203.0.113.9", "port": 447, "status": "online",
    "hostname": "its.name.example", "last_online": "2026-11-20", "malware": "x"}])");
  EXPECT_EQ(entries_of(feodo), Entries{"address 203.0.113.9:447 2"});
  EXPECT_EQ(feodo.entries[0].date, "2026-11-20");
  const auto threatfox = parsed(R"({"1": [{"ioc_value": "203.0.113.9:447", "ioc_type": "ip:port",
    "confidence_level": 75}], "2": [{"ioc_value": "d41d8c", "ioc_type": "md5_hash"}]})");
  EXPECT_EQ(entries_of(threatfox), Entries{"address 203.0.113.9:447 2"});
  EXPECT_EQ(threatfox.entries[0].confidence, 75);
  EXPECT_EQ(entries_of(parsed("{\"cidr\":\"198.51.100.0/24\",\"sblid\":\"SBL1\"}\n"
                              "{\"cidr\":\"203.0.113.0/24\"}\n{\"type\":\"metadata\"}\n")),
            (Entries{"network 198.51.100.0/24 1", "network 203.0.113.0/24 2"}));
  EXPECT_TRUE(parsed("[]").entries.empty());
}

// A bundle of STIX 2.1 with one indicator of this pattern.
ParsedList of_pattern(const std::string& pattern, const std::string& more = "") {
  return parsed(R"({"type": "bundle", "objects": [{"type": "indicator", "pattern_type": "stix",
    "pattern": ")" +
                pattern + R"(", "valid_from": "2026-11-01T00:00:00Z", "confidence": 60)" + more +
                R"(}, {"type": "domain-name", "value": "seen.example"}]})");
}

TEST(ListParserTest, ReadsIndicatorsOfStix) {
  EXPECT_EQ(entries_of(of_pattern("[ipv4-addr:value = '203.0.113.9']")),
            Entries{"address 203.0.113.9 2"});
  EXPECT_EQ(
      entries_of(of_pattern("[ ipv4-addr:value='198.51.100.0/24' OR ipv6-addr:value = "
                            "'2001:db8::7' ] OR [domain-name:value = 'Bad.Example']")),
      (Entries{"network 198.51.100.0/24 2", "address 2001:db8::7 2", "domain bad.example 2"}));
  EXPECT_EQ(entries_of(of_pattern("[url:value = 'http://bad.example:8080/' OR url:value = "
                                  "'https://[2001:db8::7]']")),
            (Entries{"domain bad.example:8080 2", "address 2001:db8::7 2"}));
  const auto list = of_pattern("[ipv4-addr:value = '203.0.113.9']");
  EXPECT_EQ(list.entries[0].date, "2026-11-01");
  EXPECT_EQ(list.entries[0].confidence, 60);
  EXPECT_TRUE(
      of_pattern("[ipv4-addr:value = '203.0.113.9']", R"(, "revoked": true)").entries.empty());
}

TEST(ListParserTest, SaysWhyAnIndicatorOfStixIsLeftOut) {
  using Reasons = std::map<std::string_view, std::uint64_t>;
  const auto reasons_of = [](const std::string& pattern) { return of_pattern(pattern).reasons; };
  const Reasons more{{"a pattern that is more than values joined by OR", 1}};
  EXPECT_EQ(reasons_of("[ipv4-addr:value = '203.0.113.9' AND url:value = 'http://x.example']"),
            more);
  EXPECT_EQ(reasons_of("[ipv4-addr:value = '203.0.113.9'] FOLLOWEDBY [url:value = 'x']"), more);
  EXPECT_EQ(reasons_of("[ipv4-addr:value ISSUBSET '203.0.113.0/24']"), more);
  EXPECT_EQ(reasons_of("[ipv4-addr:value != '203.0.113.9']"), more);
  EXPECT_EQ(reasons_of("[ipv4-addr:value = '203.0.113.9"), more);
  EXPECT_EQ(reasons_of("[ipv4-addr:value = '203.0.113.9'] WITHIN 5 SECONDS"), more);
  EXPECT_EQ(reasons_of("[file:hashes.MD5 = 'd41d8c']"),
            (Reasons{{"a pattern of neither an address, a name nor a URL", 1}}));
  EXPECT_EQ(reasons_of("[domain-name:value = '203.0.113.9']"),
            (Reasons{{"a pattern whose value cannot be read", 1}}));
  EXPECT_EQ(reasons_of("[url:value = 'https://shared.example/bad']"),
            (Reasons{{"a URL with a path: only its host is seen on the wire", 1}}));
  const auto other =
      parsed(R"([{"type": "indicator", "pattern": "alert tcp", "pattern_type": "snort"}])");
  EXPECT_EQ(other.reasons, (Reasons{{"a pattern in another language", 1}}));
}

TEST(ListParserTest, RefusesJsonThatIsNoList) {
  const auto code_of = [](std::string_view text) {
    const auto list = parse_block_list(text);
    return list ? Code::kInternal : list.error().code();
  };
  EXPECT_EQ(code_of(R"({"openapi": "3.1.0"})"), Code::kInvalidData);
  EXPECT_EQ(code_of(R"({"Event": {"Attribute": [)"), Code::kInvalidData);
  EXPECT_EQ(code_of("[\"203.0.113.9\"] [\"203.0.113.10\"]"), Code::kInvalidData);
  std::string deep = "{\"a\":";
  for (int i = 0; i < 100'000; ++i) deep += "[";
  EXPECT_EQ(code_of(deep), Code::kTooLarge);
  EXPECT_EQ(entries_of(parsed("[2001:db8::7]:443\n")), Entries{"address 2001:db8::7:443 1"});
}

TEST(ListParserTest, AFileOfWhichNothingIsUnderstoodIsAnError) {
  EXPECT_EQ(parse_block_list("<html>\n<body>\n").error().code(), Code::kInvalidData);
  EXPECT_TRUE(parsed("").entries.empty());
  EXPECT_TRUE(parsed("# nothing today\n").entries.empty());
}

class BlockListsTest : public ::testing::Test {
 protected:
  BlockListsTest() : lists_({network_from("203.0.113.128/25").value()}) {}
  void load(std::string_view text) {
    lists_.add("list", parsed(text));
    lists_.prepare();
  }
  std::vector<std::uint32_t> lines(std::string_view address, std::uint16_t port) {
    std::vector<std::uint32_t> all;
    lists_.match(address_from(address).value(), port,
                 [&](const BlockLists::Entry& entry) { all.push_back(entry.what.line); });
    std::ranges::sort(all);
    return all;
  }
  std::vector<std::uint32_t> lines(std::string_view name) {
    std::vector<std::uint32_t> all;
    lists_.match(name, [&](const BlockLists::Entry& entry) { all.push_back(entry.what.line); });
    std::ranges::sort(all);
    return all;
  }
  BlockLists lists_;
};
using Lines32 = std::vector<std::uint32_t>;

TEST_F(BlockListsTest, MatchesAddressesNetworksAndPorts) {
  load("203.0.113.9\n203.0.113.0/24\n203.0.113.9:447\n2001:db8::/32\n");
  EXPECT_EQ(lines("203.0.113.9", 80), (Lines32{1, 2}));
  EXPECT_EQ(lines("203.0.113.9", 447), (Lines32{1, 2, 3}));
  EXPECT_EQ(lines("203.0.114.0", 447), Lines32{});
  EXPECT_EQ(lines("2001:db8:ffff::1", 1), Lines32{4});
  EXPECT_EQ(lines("2001:db9::1", 1), Lines32{});
}

TEST_F(BlockListsTest, NeverMatchesPrivateLoopbackOrOwnAddresses) {
  load("10.0.0.1\n127.0.0.1\n192.168.0.0/16\nfe80::1\n0.0.0.0/0\n203.0.113.200\n128.0.0.0/1\n");
  EXPECT_EQ(lists_.lists()[0].refused, 6U);
  EXPECT_EQ(lines("192.168.3.4", 1), Lines32{});
  EXPECT_EQ(lines("203.0.113.200", 1), Lines32{});
  EXPECT_EQ(lines("203.0.113.100", 1), Lines32{7});
}

TEST_F(BlockListsTest, AListWithoutADayIsOfThatOfItsNewestEntry) {
  load(
      "value,type,to_ids,date\n203.0.113.9,ip-dst,1,2026-11-01\n203.0.113.10,ip-dst,1,2026-11-"
      "20\n");
  load("203.0.113.9\n");
  load("# 2026-11-02\n203.0.113.9\n");
  EXPECT_EQ(lists_.lists()[0].date, "2026-11-20");
  EXPECT_EQ(lists_.lists()[1].date, "");
  EXPECT_EQ(lists_.lists()[2].date, "2026-11-02");
}

TEST_F(BlockListsTest, MatchesNamesAtTheBordersOfLabels) {
  load("evil.example\n");
  EXPECT_EQ(lines("mail.EVIL.example."), Lines32{1});
  EXPECT_EQ(lines("evil.example"), Lines32{1});
  EXPECT_EQ(lines("notevil.example"), Lines32{});
  EXPECT_EQ(lines("evil.example.org"), Lines32{});
}

TEST_F(BlockListsTest, OfAZoneTheClosestRecordHolds) {
  load(
      "$ORIGIN rpz.example.\n$TTL 1\n@ SOA a. b. 1 1 1 1 1\n"
      "*.bad.example CNAME .\n"
      "ok.bad.example CNAME rpz-passthru.\n"
      "*.ok.bad.example CNAME *.ok.bad.example.\n"
      "worse.ok.bad.example CNAME *.\n"
      "self.bad.example.rpz.example. CNAME self.bad.example.\n"
      "24.0.100.51.198.rpz-ip CNAME .\n"
      "32.9.100.51.198.rpz-ip CNAME rpz-passthru.\n"
      "25.128.113.0.203.rpz-ip CNAME rpz-passthru.\n"
      "32.130.113.0.203.rpz-ip CNAME .\n");
  EXPECT_EQ(lists_.lists()[0].entries, 3U);  // 203.0.113.128/25 is the own network
  EXPECT_EQ(lists_.lists()[0].not_understood, 0U);
  EXPECT_EQ(lines("x.bad.example"), Lines32{4});
  EXPECT_EQ(lines("OK.bad.example."), Lines32{});
  EXPECT_EQ(lines("x.ok.bad.example"), Lines32{});
  EXPECT_EQ(lines("worse.ok.bad.example"), Lines32{7});
  EXPECT_EQ(lines("self.bad.example"), Lines32{});
  EXPECT_EQ(lines("x.self.bad.example"), Lines32{4});
  EXPECT_EQ(lines("198.51.100.8", 443), Lines32{9});
  EXPECT_EQ(lines("198.51.100.9", 443), Lines32{});
}

TEST_F(BlockListsTest, AnExceptionHoldsForItsOwnListAlone) {
  load("||bad.example^\n@@||ok.bad.example^\n");
  load("\n\nok.bad.example\n");
  EXPECT_EQ(lines("bad.example"), Lines32{1});
  EXPECT_EQ(lines("x.ok.bad.example"), Lines32{3});
}

TEST_F(BlockListsTest, AnExceptionOfAdblockHoldsForAllBelowItUnlessOneIsImportant) {
  load(
      "||bad.example^\n@@||bad.example^|\n||x.bad.example^\n||y.bad.example^$important\n"
      "@@||z.y.bad.example^$important\n||other.example^\n@@||other.example^$domain=a.example\n"
      "||back.example^\n||back.example^$badfilter\n");
  EXPECT_EQ(lines("bad.example"), Lines32{});
  EXPECT_EQ(lines("x.bad.example"), Lines32{});
  EXPECT_EQ(lines("y.bad.example"), Lines32{4});
  EXPECT_EQ(lines("z.y.bad.example"), Lines32{});
  EXPECT_EQ(lines("other.example"), Lines32{6});
  EXPECT_EQ(lists_.lists()[0].not_understood, 2U);
}

TEST_F(BlockListsTest, OfDnsmasqTheLongestNameHolds) {
  load(
      "address=/bad.example/0.0.0.0\nserver=/ok.bad.example/#\naddress=/x.ok.bad.example/::\n"
      "address=/null.example/#\n");
  EXPECT_EQ(lines("bad.example"), Lines32{1});
  EXPECT_EQ(lines("ok.bad.example"), Lines32{});
  EXPECT_EQ(lines("y.x.ok.bad.example"), Lines32{3});
  EXPECT_EQ(lines("null.example"), Lines32{4});
}

TEST_F(BlockListsTest, AZoneTellsANameAndThoseBelowItApart) {
  load("$TTL 1\nonly.example CNAME .\n*.below.example CNAME .\n");
  EXPECT_EQ(lines("only.example"), Lines32{2});
  EXPECT_EQ(lines("x.only.example"), Lines32{});
  EXPECT_EQ(lines("below.example"), Lines32{});
  EXPECT_EQ(lines("x.below.example"), Lines32{3});
}

}  // namespace
}  // namespace assay::agent::sensor
