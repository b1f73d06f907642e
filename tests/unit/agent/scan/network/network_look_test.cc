#include "agent/scan/network/network_look.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/scan/network/scripted_scanner.h"

namespace assay::agent {
namespace {

class NetworkLookTest : public testing::Test {
 protected:
  NetworkLookTest() {
    listen("0.0.0.0", 443);
    listen("127.0.0.1", 5432);
  }
  void listen(const std::string& address, std::uint16_t port) {
    host_.sockets.push_back({.protocol = 6, .family = 2, .address = address, .port = port});
  }
  NetworkAnswer look() {
    return look_at_network(host_, network_sources().front(), scanner_.look(), nullptr, false);
  }
  void answers(std::string output) { scanner_.answer = ScannerEnd{.output = std::move(output)}; }
  void expect_unavailable(const std::string& words) {
    const auto answer = look();
    ASSERT_EQ(answer.tables.size(), 3U);
    for (const auto& table : answer.tables) {
      EXPECT_FALSE(table.is_ok()) << table.name;
      EXPECT_TRUE(table.reason.contains(words)) << table.reason;
    }
    EXPECT_TRUE(answer.loss.starts_with("tls: ")) << answer.loss;
  }
  static std::string cell(const NetworkAnswer& answer, std::size_t row, const char* column) {
    return evidence::to_text(answer.tables.front().rows->at(row, column));
  }

  MemoryHost host_;
  ScriptedScanner scanner_;
};

TEST_F(NetworkLookTest, ListenersAreAskedWithoutPresumingTheirProtocol) {
  const auto answer = look();
  EXPECT_EQ(scanner_.inputs, std::vector<std::string>{"127.0.0.1:443 auto\n127.0.0.1:5432 auto\n"});
  ASSERT_EQ(answer.tables.size(), 3U);
  EXPECT_EQ(answer.tables[0].name, "tls_endpoints");
  EXPECT_EQ(cell(answer, 0, "scope"), "local");
  EXPECT_EQ(cell(answer, 0, "listener"), "0.0.0.0");
  EXPECT_EQ(answer.loss, "");
}

TEST_F(NetworkLookTest, WhatItCostIsTheFirstTables) {
  const auto answer = look();
  EXPECT_EQ(answer.tables[0].cost.cpu.count(), 1'500);
  EXPECT_EQ(answer.tables[0].cost.memory_bytes, 4'096U);
  EXPECT_EQ(answer.tables[1].cost.wall.count(), 0);
}

TEST_F(NetworkLookTest, TargetsOfTheSettingsComeFirstAndSayTheirProtocol) {
  scanner_.settings.network.targets = {{"mail.example.tw", 25, "smtp"}, {"2001:db8::1", 443, "auto"}};
  const auto answer = look();
  EXPECT_TRUE(scanner_.inputs[0].starts_with("mail.example.tw:25 smtp\n[2001:db8::1]:443 auto\n"));
  // In the order of the canonical form: 127.0.0.1 twice, then the two targets.
  ASSERT_EQ(answer.tables[0].row_count, 4);
  EXPECT_EQ(cell(answer, 1, "scope"), "local");
  EXPECT_EQ(cell(answer, 2, "scope"), "configured");
  EXPECT_EQ(cell(answer, 3, "host"), "mail.example.tw");
  EXPECT_EQ(cell(answer, 3, "listener"), "");
}

TEST_F(NetworkLookTest, ATargetThatListensHereIsAskedOnce) {
  scanner_.settings.network.targets = {{"127.0.0.1", 443, "auto"}};
  const auto answer = look();
  EXPECT_EQ(scanner_.inputs[0], "127.0.0.1:443 auto\n127.0.0.1:5432 auto\n");
  EXPECT_EQ(cell(answer, 0, "scope"), "configured");
  EXPECT_EQ(cell(answer, 0, "listener"), "0.0.0.0");
}

TEST_F(NetworkLookTest, WhatIsOverTheLimitIsTold) {
  scanner_.settings.network.max_endpoints = 1;
  const auto answer = look();
  EXPECT_EQ(scanner_.inputs[0], "127.0.0.1:443 auto\n");
  ASSERT_EQ(answer.tables[0].row_count, 2);
  EXPECT_EQ(cell(answer, 1, "status"), "left_out");
  EXPECT_EQ(cell(answer, 1, "port"), "5432");
  EXPECT_TRUE(cell(answer, 1, "detail").contains("network.max_endpoints, 1"));
  EXPECT_EQ(answer.loss, "tls: 1 of 2 endpoints were left out");
}

TEST_F(NetworkLookTest, WhereNothingListensNobodyIsStarted) {
  host_.sockets.clear();
  const auto answer = look();
  EXPECT_TRUE(scanner_.inputs.empty());
  for (const auto& table : answer.tables) {
    EXPECT_TRUE(table.is_ok()) << table.name << ": " << table.reason;
    EXPECT_EQ(table.row_count, 0) << table.name;
  }
}

TEST_F(NetworkLookTest, AScannerThatFailsIsTheReason) {
  scanner_.answer = fail(Code::kTimedOut, "the scanner took too long");
  expect_unavailable("timed_out: the scanner took too long");
  scanner_.answer = ScannerEnd{.output = {}, .code = 1};
  expect_unavailable("ended with code 1");
}

TEST_F(NetworkLookTest, AnAnswerToAnotherQuestionIsNone) {
  answers("garbage");
  expect_unavailable("invalid_data");
  const auto both = ScriptedScanner::honest("127.0.0.1:443 auto\n127.0.0.1:5432 auto\n");
  answers(ScriptedScanner::rest());
  expect_unavailable("lacks tls_endpoints");
  answers(ScriptedScanner::honest("127.0.0.1:443 auto\n"));
  expect_unavailable("lacks an endpoint");
  answers(ScriptedScanner::honest("127.0.0.1:443 auto\n127.0.0.1:5432 auto\n192.0.2.1:443 auto\n"));
  expect_unavailable("nobody asked for");
  answers(both + evidence::to_canonical(evidence::Table(*evidence::find_table("users"))).value());
  expect_unavailable("nobody asked for");
  auto twice = endpoints_table({{"127.0.0.1", 443}, {"127.0.0.1", 5432}});
  twice.add({{"host", std::string("127.0.0.1")},
             {"port", std::int64_t{443}},
             {"status", std::string("not_tls")}});
  answers(evidence::to_canonical(twice).value() + ScriptedScanner::rest());
  expect_unavailable("comes twice");
  answers(both);
  EXPECT_TRUE(look().tables.front().is_ok());
}

TEST_F(NetworkLookTest, AScanLooksOnlyWhenItIsTold) {
  host_.files["/etc/hostname"] = "a";
  const auto wanted = std::set<std::string>{"tls_endpoints"};
  for (const auto use : {NetworkUse::kAuto, NetworkUse::kOff, NetworkUse::kOn}) {
    scanner_.settings.network.tls = use;
    const auto untold = scanner_.look(false);
    const auto found = scan(host_, {.tables = wanted, .network = &untold});
    ASSERT_EQ(found.tables.size(), 1U);
    EXPECT_EQ(found.tables[0].is_ok(), use == NetworkUse::kOn);
    if (use != NetworkUse::kOn) {
      EXPECT_TRUE(found.tables[0].reason.starts_with("unavailable: the network was not looked at"));
    }
  }
  scanner_.settings.network.tls = NetworkUse::kOff;
  const auto told = scanner_.look(true);
  EXPECT_TRUE(scan(host_, {.tables = wanted, .network = &told}).tables[0].is_ok());
  EXPECT_FALSE(scan(host_, {.tables = wanted}).tables[0].is_ok());
}

TEST_F(NetworkLookTest, AQuickScanAndOneWhoseRulesDoNotReadItLeaveItOut) {
  const auto told = scanner_.look(true);
  const auto quick = scan(host_, {.tables = {"tls_endpoints"},
                                  .daily = std::set<std::string>{"deb_packages"},
                                  .network = &told});
  EXPECT_FALSE(quick.tables[0].is_ok());
  EXPECT_TRUE(scanner_.inputs.empty());
}

TEST_F(NetworkLookTest, AnImageHasNoListeners) {
  host_.live = false;
  host_.files["/etc/hostname"] = "a";
  const auto told = scanner_.look(true);
  const auto found = scan(host_, {.tables = {"tls_endpoints"}, .network = &told});
  EXPECT_TRUE(found.tables[0].reason.starts_with("not_supported")) << found.tables[0].reason;
  EXPECT_TRUE(scanner_.inputs.empty());
}

}  // namespace
}  // namespace assay::agent
