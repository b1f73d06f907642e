#include "collector/ports/port_views.h"

#include <gtest/gtest.h>

#include "evidence/schema.h"

namespace assay::collector {
namespace {

constexpr std::int64_t kScan = 1'000'000;

evidence::Table empty(std::string_view name) {
  return evidence::Table(*evidence::find_table(name));
}

// One host, 10.0.0.7, and what is known of it.
class PortViewsTest : public testing::Test {
 protected:
  PortViewsTest() {
    for (const auto* address : {"10.0.0.7", "fd00::7", "127.0.0.1", "::1", "fe80::7"})
      addresses_.add({{"address", std::string(address)}});
  }
  void listens(std::int64_t port, const std::string& reach, std::int64_t protocol = 6) {
    exposure_.add({{"port", port},
                   {"protocol", protocol},
                   {"address", std::string("0.0.0.0")},
                   {"process", std::string("p")},
                   {"reach", reach}});
  }
  static void answers(evidence::Table& reachable, std::int64_t port,
                      const std::string& address = "10.0.0.7", const std::string& state = "open",
                      const std::string& role = "neighbour") {
    reachable.add({{"address", address},
                   {"port", port},
                   {"transport", std::string("tcp")},
                   {"state", state},
                   {"role", role},
                   {"source", std::string("10.0.0.8")},
                   {"swept_at", kScan}});
  }
  static void swept(evidence::Table& sweeps, const std::string& ports, std::int64_t asked,
                    std::int64_t unsent = 0) {
    sweeps.add({{"address", std::string("10.0.0.7")},
                {"transport", std::string("tcp")},
                {"role", std::string("neighbour")},
                {"source", std::string("10.0.0.8")},
                {"ports", ports},
                {"asked", asked},
                {"unsent", unsent},
                {"ended_at", kScan}});
  }
  void seen(std::int64_t port, std::int64_t last_seen, const std::string& began = "syn",
            std::int64_t answered = 1, const std::string& client = "10.0.0.9") {
    flows_.add({{"protocol", std::int64_t{6}},
                {"client", client},
                {"server", std::string("10.0.0.7")},
                {"server_port", port},
                {"began", began},
                {"answered", answered},
                {"last_seen", last_seen}});
  }
  PortViews joined(bool has_own = true) {
    PortViews views(has_own ? &exposure_ : nullptr, &addresses_, kScan);
    (void)views.add_probes("neighbour", reachable_, sweeps_);
    (void)views.add_sightings("sensor", flows_);
    return views;
  }
  // "22 agrees, 23 unlisted"
  std::string verdicts(bool has_own = true) {
    std::string all;
    for (const auto& view : joined(has_own).views())
      all += (all.empty() ? "" : ", ") + std::to_string(view.port) + " " +
             std::string(name_of(view.agreement));
    return all;
  }

  evidence::Table exposure_ = empty("exposure");
  evidence::Table addresses_ = empty("interface_addresses");
  evidence::Table reachable_ = empty("reachable_ports");
  evidence::Table sweeps_ = empty("sweeps");
  evidence::Table flows_ = empty("observed_flows");
};

TEST_F(PortViewsTest, EveryPairOfWhatIsSaidAndWhatIsMeasuredHasItsWord) {
  listens(22, "reachable");
  listens(25, "loopback_only");
  listens(53, "reachable");
  listens(80, "filtered");
  listens(443, "unknown");
  listens(8080, "filtered");
  listens(9000, "published_by_container");
  listens(9999, "reachable");
  for (const auto port : {22, 23, 25, 443, 8080, 9000}) answers(reachable_, port);
  swept(sweeps_, "1-1024,8080,9000", 1026);
  EXPECT_EQ(verdicts(),
            "22 agrees, 23 unlisted, 25 reached_despite, 53 not_reached, 80 agrees, "
            "443 reached_unjudged, 8080 reached_despite, 9000 agrees, 9999 not_measured");
}

TEST_F(PortViewsTest, WithoutTheHostsOwnTableNothingIsCalledUnlisted) {
  answers(reachable_, 23);
  EXPECT_EQ(verdicts(false), "23 unknown");
}

TEST_F(PortViewsTest, ASweepThatDidNotAskAllSaysNothingOfWhatDidNotAnswer) {
  listens(22, "reachable");
  swept(sweeps_, "22,80", 1);
  swept(sweeps_, "22,80,…", 3);
  swept(sweeps_, "22,80", 2, 1);
  EXPECT_EQ(verdicts(), "22 not_measured");
  swept(sweeps_, "22,80", 2);
  EXPECT_EQ(verdicts(), "22 not_reached");
}

TEST_F(PortViewsTest, OneOfTwoNeighboursSufficesToReachAPort) {
  listens(22, "reachable");
  PortViews views(&exposure_, &addresses_, kScan);
  // The one that does not reach it comes first, and the port that it does not list comes later.
  swept(sweeps_, "22-23", 2);
  EXPECT_TRUE(views.add_probes("a", reachable_, sweeps_));
  answers(reachable_, 23);
  EXPECT_TRUE(views.add_probes("b", reachable_, empty("sweeps")));
  const auto all = views.views();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].agreement, Agreement::kNotReached);
  EXPECT_EQ(all[1].agreement, Agreement::kUnlisted);
  EXPECT_EQ(all[1].probes.size(), 2U);
}

TEST_F(PortViewsTest, WhatAMachineFindsOnItselfIsNoNeighboursMeasure) {
  listens(22, "filtered");
  answers(reachable_, 22, "10.0.0.7", "open", "own");
  answers(reachable_, 22, "10.0.0.8");
  answers(reachable_, 22, "127.0.0.1");
  answers(reachable_, 22, "fe80::7");
  EXPECT_EQ(verdicts(), "22 not_measured");
}

TEST_F(PortViewsTest, AnAnswerThatMayBeAFilterIsNoMeasure) {
  listens(22, "reachable");
  answers(reachable_, 22, "10.0.0.7", "open|filtered");
  swept(sweeps_, "22", 1);
  EXPECT_EQ(verdicts(), "22 not_measured");
}

TEST_F(PortViewsTest, ASightingCountsWhenItIsYoungerThanTheHostsOwnTableAndAnswered) {
  listens(22, "filtered");
  seen(22, kScan - 60);
  seen(22, kScan, "port");
  seen(22, kScan, "syn", 0);
  seen(22, kScan, "syn", 1, "10.0.0.7");
  EXPECT_EQ(verdicts(), "22 not_measured");
  seen(22, kScan);
  seen(2222, kScan, "content");
  EXPECT_EQ(verdicts(), "22 reached_despite, 2222 unlisted");
}

TEST_F(PortViewsTest, ManySightingsAreCutAfterTheyHaveDecided) {
  for (std::int64_t i = 0; i < 50; ++i) seen(23, kScan + i);
  const auto all = joined().views();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].sightings.size(), kMostSightings);
  EXPECT_EQ(all[0].sightings[0].last_seen, kScan + 49);
  EXPECT_EQ(all[0].agreement, Agreement::kUnlisted);
}

TEST_F(PortViewsTest, TheWidestOfSeveralListenersCounts) {
  listens(22, "loopback_only");
  listens(22, "reachable");
  listens(22, "filtered");
  answers(reachable_, 22);
  EXPECT_EQ(verdicts(), "22 agrees");
}

TEST(AskedPorts, AreReadFromSinglePortsAndRanges) {
  const AskedPorts asked("22,80-82,65535");
  for (const auto port : {22, 80, 82, 65'535}) EXPECT_TRUE(asked.holds(port)) << port;
  for (const auto port : {0, 21, 83, 65'534}) EXPECT_FALSE(asked.holds(port)) << port;
  EXPECT_EQ(asked.count(), 5);
}

TEST(AskedPorts, PassOverWhatIsNoPort) {
  for (const auto* text : {"", ",", "-", "x", "80-", "-80", "90-80", "70000", "1-70000", "22x",
                           "99999999999999999999", "…"})
    EXPECT_EQ(AskedPorts(text).count(), 0) << text;
}

}  // namespace
}  // namespace assay::collector
