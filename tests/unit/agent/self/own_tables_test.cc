#include "agent/self/own_tables.h"

#include <gtest/gtest.h>

#include "agent/spool/gap_log.h"
#include "tests/unit/agent/rows.h"
#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {
namespace {

class OwnTablesTest : public testing::Test {
 protected:
  OwnTablesTest() { settings_.state_dir = state_.root(); }

  ScratchFolder state_;
  Settings settings_;
  OwnFacts facts_{&settings_, {}};
};

TEST_F(OwnTablesTest, AMachineThatIsNotEnrolledSaysSo) {
  const auto table = agent_info(facts_);
  ASSERT_TRUE(table) << table.error().message();
  EXPECT_EQ(table->defect(), "");
  EXPECT_EQ(row(*table, 0, {"version", "enrolled", "host_id", "collector", "certificate_ends"}),
            std::string(ASSAY_VERSION) + "|0|NULL|NULL|NULL");
  EXPECT_EQ(row(*table, 0, {"profile", "scan_interval", "walk_interval"}), "server|3600|86400");
  EXPECT_EQ(row(*table, 0, {"settings_digest"}), digest_of(settings_).hex());
}

TEST_F(OwnTablesTest, TheAddressOnTheCommandLineCountsFirst) {
  settings_.collector.address = "settings:7443";
  EXPECT_EQ(row(agent_info(facts_).value(), 0, {"collector"}), "settings:7443");
  facts_.collector = "line:7443";
  EXPECT_EQ(row(agent_info(facts_).value(), 0, {"collector"}), "line:7443");
}

TEST_F(OwnTablesTest, AnIdentityThatCannotBeReadIsNotNone) {
  for (const char* file : {"agent.key", "agent.crt", "ca.crt", "host_id", "collector"})
    state_.write("identity/" + std::string(file), "not what it should be\n");
  EXPECT_FALSE(agent_info(facts_));
}

TEST_F(OwnTablesTest, NothingLostIsAnEmptyTable) {
  EXPECT_TRUE(agent_gaps(facts_)->rows().empty());
}

TEST_F(OwnTablesTest, EveryGapIsARow) {
  Disk disk;
  GapLog log(state_.root() + "/gaps.jsonl", &disk);
  log.add(GapKind::kNoSpace, evidence::Seconds(std::chrono::seconds(1'795'222'923)), "full");
  const auto table = agent_gaps(facts_).value();
  EXPECT_EQ(table.defect(), "");
  EXPECT_EQ(row(table, 0, {"since", "until", "kind", "detail", "count"}),
            "2026-11-21T01:02:03Z|2026-11-21T01:02:03Z|no_space|full|1");
}

TEST_F(OwnTablesTest, AGapLogThatCannotBeReadIsNoEmptyTable) {
  state_.write("gaps.jsonl/x", "");
  EXPECT_FALSE(agent_gaps(facts_));
}

TEST(AgentCosts, AreARowAProbe) {
  const std::vector<ProbeCost> costs = {{"users",
                                         {.cpu = std::chrono::microseconds(5),
                                          .wall = std::chrono::microseconds(7),
                                          .read_bytes = 11,
                                          .memory_bytes = 4096,
                                          .calls = 3}}};
  const auto table = agent_costs(costs);
  EXPECT_EQ(table.defect(), "");
  EXPECT_EQ(row(table, 0, {"probe", "cpu_us", "wall_us", "peak_kib", "read_bytes", "calls"}),
            "users|5|7|4|11|3");
}

}  // namespace
}  // namespace assay::agent
