// Tables services and service_details of a scan: what is asked, and what is taken for an answer.
#include <gtest/gtest.h>

#include <algorithm>

#include "agent/scan/network/network_look.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/scan/network/scripted_scanner.h"

namespace assay::agent {
namespace {

class ServicesSourceTest : public testing::Test {
 protected:
  void listen(const std::string& address, std::uint16_t port, std::uint8_t protocol = 6,
              const std::string& process = {}) {
    const auto inode = static_cast<std::uint64_t>(host_.sockets.size() + 1);
    host_.sockets.push_back({.protocol = protocol,
                             .family = 2,
                             .address = address,
                             .port = port,
                             .inode = inode});
    if (process.empty()) return;
    const auto pid = static_cast<std::int64_t>(100 + inode);
    host_.add_process(pid, process);
    host_.owners.push_back({.inode = inode, .pid = pid});
  }
  NetworkAnswer look() {
    return look_at_network(host_, services_source(), scanner_.look(), nullptr, false);
  }
  [[nodiscard]] bool is_asked(const std::string& argument) const {
    return std::ranges::find(scanner_.arguments, argument) != scanner_.arguments.end();
  }
  static std::string cell(const NetworkAnswer& answer, std::size_t row, const char* column) {
    return evidence::to_text(answer.tables.front().rows->at(row, column));
  }
  void expect_unavailable(const std::string& words) {
    for (const auto& table : look().tables) {
      EXPECT_FALSE(table.is_ok()) << table.name;
      EXPECT_TRUE(table.reason.contains(words)) << table.reason;
    }
  }

  MemoryHost host_;
  ScriptedScanner scanner_;
};

TEST_F(ServicesSourceTest, WhatOthersReachIsAskedAsByOthers) {
  listen("0.0.0.0", 6379);
  listen("127.0.0.1", 6380);
  listen("0.0.0.0", 161, 17);
  const auto answer = look();
  EXPECT_EQ(scanner_.inputs,
            std::vector<std::string>{
                "127.0.0.1:161/udp\n127.0.0.1:6379 neighbour\n127.0.0.1:6380\n"});
  ASSERT_EQ(answer.tables.size(), 2U);
  ASSERT_TRUE(answer.tables[0].is_ok()) << answer.tables[0].reason;
  EXPECT_EQ(answer.tables[0].name, "services");
  EXPECT_EQ(answer.tables[1].name, "service_details");
  EXPECT_EQ(cell(answer, 0, "transport"), "udp");
  EXPECT_EQ(cell(answer, 0, "listener"), "0.0.0.0");
  EXPECT_EQ(cell(answer, 0, "scope"), "local");
}

TEST_F(ServicesSourceTest, OnePortOverTcpAndUdpIsTwoEndpoints) {
  listen("0.0.0.0", 53);
  listen("0.0.0.0", 53, 17);
  const auto answer = look();
  ASSERT_EQ(answer.tables[0].row_count, 2);
  EXPECT_EQ(cell(answer, 0, "transport"), "tcp");
  EXPECT_EQ(cell(answer, 1, "transport"), "udp");
}

TEST_F(ServicesSourceTest, CommunitiesAreTriedOnlyWhereTheSettingsSaySo) {
  listen("0.0.0.0", 161, 17);
  (void)look();
  EXPECT_FALSE(is_asked("--snmp-communities"));
  scanner_.settings.network.asks_communities = true;
  (void)look();
  EXPECT_TRUE(is_asked("--snmp-communities"));
  EXPECT_FALSE(is_asked("--ftp-anonymous"));
}

TEST_F(ServicesSourceTest, WhatCouldBeHarmedIsLeftOutAndTold) {
  listen("0.0.0.0", 514, 6, "rsyslogd");
  listen("0.0.0.0", 9100, 6, "p910nd");
  const auto answer = look();
  EXPECT_TRUE(scanner_.inputs.empty());
  ASSERT_EQ(answer.tables[0].row_count, 2);
  EXPECT_EQ(cell(answer, 0, "status"), "left_out");
  EXPECT_TRUE(cell(answer, 0, "detail").contains("log server")) << cell(answer, 0, "detail");
  EXPECT_EQ(cell(answer, 0, "transport"), "tcp");
  EXPECT_TRUE(cell(answer, 1, "detail").contains("print"));
  EXPECT_EQ(answer.loss, "services: 2 of 2 endpoints were left out");
  // Who names them takes it upon himself.
  scanner_.settings.network.targets = {{"127.0.0.1", 514, "auto"}, {"127.0.0.1", 9100, "auto"}};
  const auto named = look();
  EXPECT_EQ(scanner_.inputs[0], "127.0.0.1:514\n127.0.0.1:9100\n");
  ASSERT_EQ(named.tables[0].row_count, 2);
  EXPECT_EQ(cell(named, 0, "status"), "ok");
  EXPECT_EQ(cell(named, 1, "status"), "ok");
  EXPECT_EQ(named.loss, "");
}

TEST_F(ServicesSourceTest, ItsTimeIsBounded) {
  listen("0.0.0.0", 22);
  scanner_.settings.network.time_limit = std::chrono::seconds(9);
  (void)look();
  const std::vector<std::string> expected{"services", "--endpoint-seconds", "9",
                                          "--seconds", "9",                 "-"};
  EXPECT_EQ(scanner_.arguments, expected);
}

TEST_F(ServicesSourceTest, AnAnswerToAnotherQuestionIsNone) {
  listen("0.0.0.0", 53);
  const auto answers = [this](const std::string& input) {
    scanner_.answer = ScannerEnd{.output = ScriptedScanner::honest_services(input)};
  };
  answers("127.0.0.1:53/udp\n");
  expect_unavailable("nobody asked for");
  answers("");
  expect_unavailable("lacks an endpoint");
  scanner_.answer = ScannerEnd{.output = ScriptedScanner::honest("127.0.0.1:53 auto\n")};
  expect_unavailable("lacks services");
  answers("127.0.0.1:53\n");
  EXPECT_TRUE(look().tables.front().is_ok());
}

TEST_F(ServicesSourceTest, AScanThatDoesNotAskSaysHowToHaveItAsk) {
  host_.files["/etc/hostname"] = "a";
  listen("0.0.0.0", 22);
  for (const auto* table : {"services", "service_details"}) {
    const auto untold = scanner_.look(false);
    const auto found = scan(host_, {.tables = {table}, .network = &untold});
    ASSERT_EQ(found.tables.size(), 1U);
    EXPECT_TRUE(found.tables[0].reason.contains("network.services: on")) << found.tables[0].reason;
  }
  host_.live = false;
  const auto told = scanner_.look(true);
  const auto image = scan(host_, {.tables = {"service_details"}, .network = &told});
  EXPECT_TRUE(image.tables[0].reason.starts_with("not_supported")) << image.tables[0].reason;
  EXPECT_TRUE(scanner_.inputs.empty());
}

}  // namespace
}  // namespace assay::agent
