#include "agent/network/sweep/report/sweep_rows.h"

#include <gtest/gtest.h>

#include "evidence/canonical.h"

namespace assay::agent::sweep {
namespace {

TargetResult result_of(const char* text, SweepMethod method) {
  TargetResult made;
  made.address = sensor::address_from(text).value();
  made.source = made.address;
  made.method = method;
  made.ports = "1-4";
  return made;
}

TEST(SweepRowsTest, OpenPortsAreRowsAndTheRestIsCounted) {
  auto result = result_of("192.0.2.2", SweepMethod::kSyn);
  result.settle(1, PortState::kOpen, 3);
  result.settle(2, PortState::kClosed, 1);
  result.settle(3, PortState::kWaiting, {});
  result.settle(4, PortState::kRejected, 1);
  result.settle(5, PortState::kUnsent, {});
  const auto tables = sweep_tables(std::vector{result});
  ASSERT_EQ(tables.size(), 2U);
  EXPECT_EQ(tables[0].defect() + tables[1].defect(), "");
  ASSERT_EQ(tables[0].rows().size(), 1U);
  EXPECT_EQ(evidence::to_text(tables[0].at(0, "port")), "1");
  EXPECT_EQ(evidence::to_text(tables[0].at(0, "state")), "open");
  EXPECT_EQ(evidence::to_text(tables[0].at(0, "answered_ms")), "3");
  for (const auto* column : {"open", "closed", "silent", "rejected", "unsent"})
    EXPECT_EQ(evidence::to_text(tables[1].at(0, column)), "1") << column;
  EXPECT_EQ(evidence::to_text(tables[1].at(0, "asked")), "4");
  for (const auto& table : tables) EXPECT_TRUE(evidence::to_canonical(table));
}

TEST(SweepRowsTest, SilenceOverUdpIsOpenOrFilteredOnlyWhereSomebodyLives) {
  auto alive = result_of("192.0.2.2", SweepMethod::kSyn);
  alive.settle(1, PortState::kClosed, 1);
  auto silent = result_of("192.0.2.2", SweepMethod::kUdp);
  silent.settle(53, PortState::kWaiting, {});
  auto nobody = result_of("192.0.2.3", SweepMethod::kUdp);
  nobody.settle(53, PortState::kWaiting, {});
  const auto tables = sweep_tables(std::vector{alive, silent, nobody});
  ASSERT_EQ(tables[0].rows().size(), 1U);
  EXPECT_EQ(evidence::to_text(tables[0].at(0, "address")), "192.0.2.2");
  EXPECT_EQ(evidence::to_text(tables[0].at(0, "state")), "open|filtered");
  EXPECT_EQ(tables[0].at(0, "answered_ms"), evidence::Value(evidence::kNull));
  EXPECT_EQ(tables[1].rows().size(), 3U);
}

TEST(SweepRowsTest, AnAddressWithoutARouteHasARowThatSaysSo) {
  auto result = result_of("192.0.2.2", SweepMethod::kSyn);
  result.source.reset();
  result.add_note("no route");
  result.add_note("no route");
  const auto tables = sweep_tables(std::vector{result});
  EXPECT_EQ(evidence::to_text(tables[1].at(0, "note")), "no route");
  EXPECT_EQ(tables[1].at(0, "source"), evidence::Value(evidence::kNull));
  EXPECT_EQ(evidence::to_text(tables[1].at(0, "asked")), "0");
}

TEST(SweepRowsTest, MachinesThatAnswerOnEveryPortDoNotCostTheTable) {
  std::vector<TargetResult> results;
  for (const auto* address : {"192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "192.0.2.5"}) {
    results.push_back(result_of(address, SweepMethod::kSyn));
    for (unsigned port = 1; port < 65'536; ++port)
      results.back().settle(static_cast<std::uint16_t>(port), PortState::kOpen, 0);
  }
  results.push_back(result_of("192.0.2.6", SweepMethod::kSyn));
  results.back().settle(22, PortState::kOpen, 0);
  const auto tables = sweep_tables(results);
  EXPECT_LE(tables[0].rows().size(), kMaxPortRows);
  EXPECT_EQ(evidence::to_text(tables[0].at(tables[0].rows().size() - 1, "address")), "192.0.2.6");
  EXPECT_EQ(evidence::to_text(tables[1].at(0, "open")), "65535");
  EXPECT_EQ(evidence::to_text(tables[1].at(0, "note")), "more ports answer than are listed");
  EXPECT_EQ(tables[1].at(5, "note"), evidence::Value(evidence::kNull));
  EXPECT_TRUE(evidence::to_canonical(tables[0]));
}

TEST(SweepRowsTest, ALongListOfPortsIsCutWhereACellEnds) {
  auto result = result_of("192.0.2.2", SweepMethod::kSyn);
  result.ports.clear();
  for (int port = 10'001; port < 65'000; port += 2) result.ports += std::to_string(port) + ",";
  const auto tables = sweep_tables(std::vector{result});
  const auto text = evidence::to_text(tables[1].at(0, "ports"));
  EXPECT_LT(text.size(), 60'010U);
  EXPECT_TRUE(text.ends_with(",…")) << text.substr(text.size() - 20);
  EXPECT_TRUE(evidence::to_canonical(tables[1]));
}

}  // namespace
}  // namespace assay::agent::sweep
