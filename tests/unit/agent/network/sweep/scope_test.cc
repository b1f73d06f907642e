#include "agent/network/sweep/plan/scope.h"

#include <gtest/gtest.h>

namespace assay::agent::sweep {
namespace {

constexpr std::int64_t kSaturdayNoon = 1'795'867'200;  // 2026-11-28 12:00 UTC

class ScopeTest : public testing::Test {
 protected:
  [[nodiscard]] std::expected<SweepPlan, SweepRefusal> plan(
      std::vector<std::string> targets) const {
    auto request = request_;
    request.targets = std::move(targets);
    return plan_of(settings_, request,
                   {.own = own_addresses({"127.0.0.1", "192.0.2.1", "fe80::1", "2001:db8::1"}),
                    .now = kSaturdayNoon});
  }
  void refuses(std::vector<std::string> targets, Code code, const std::string& words) const {
    const auto made = plan(std::move(targets));
    ASSERT_FALSE(made) << to_text(*made);
    EXPECT_EQ(made.error().code, code) << made.error().words.en;
    EXPECT_NE(made.error().words.en.find(words), std::string::npos) << made.error().words.en;
    EXPECT_FALSE(made.error().words.zh_tw.empty());
  }
  void configure() {
    settings_.is_scanner = true;
    settings_.ranges = addresses_from("198.51.100.0/24").value();
    settings_.exclude = addresses_from("198.51.100.9").value();
    settings_.ports = ports_from("22").value();
    settings_.neighbours = addresses_from("203.0.113.7").value();
    settings_.neighbour_ports = ports_from("80").value();
  }
  SweepSettings settings_;
  SweepRequest request_;
};

std::string targets_of(const SweepPart& part) {
  std::string out;
  for (const auto& range : part.targets.ranges()) out += (out.empty() ? "" : ",") + to_text(range);
  return out;
}

TEST_F(ScopeTest, WithoutTargetsItIsThisMachine) {
  const auto made = plan({});
  ASSERT_TRUE(made) << made.error().words.en;
  ASSERT_EQ(made->parts.size(), 1U);
  EXPECT_EQ(made->parts[0].role, Role::kOwn);
  EXPECT_EQ(targets_of(made->parts[0]), "::1,127.0.0.1,192.0.2.1,2001:db8::1");
  EXPECT_EQ(count(made->parts[0].ports.tcp), 65'535U);
}

TEST_F(ScopeTest, WithoutConfigurationNobodyElseIsSwept) {
  refuses({"192.0.2.2"}, Code::kConfiguration, "not in the local configuration");
  refuses({"192.0.2.0/24"}, Code::kConfiguration, "not in the local configuration");
  refuses({"192.0.2.1", "192.0.2.2"}, Code::kConfiguration, "192.0.2.2: not in");
  refuses({"0.0.0.0/0"}, Code::kConfiguration, "not in");
  refuses({"fe80::1"}, Code::kConfiguration, "not in");
  refuses({"www.example.com"}, Code::kUsage, "neither an address");
}

TEST_F(ScopeTest, RangesNeedTheRoleOfAScanner) {
  configure();
  settings_.is_scanner = false;
  refuses({"198.51.100.1"}, Code::kConfiguration, "role of a scanner");
}

TEST_F(ScopeTest, ARangeIsSweptAsFarAsItIsConfiguredAndNoFurther) {
  configure();
  const auto made = plan({"198.51.100.0/28"});
  ASSERT_TRUE(made) << made.error().words.en;
  EXPECT_EQ(made->parts[0].role, Role::kScanner);
  EXPECT_EQ(targets_of(made->parts[0]), "198.51.100.0-198.51.100.8,198.51.100.10-198.51.100.15");
  EXPECT_EQ(to_text(made->parts[0].ports), "22");
  refuses({"198.51.100.0/23"}, Code::kConfiguration, "not in the local configuration");
}

TEST_F(ScopeTest, AnExclusionWinsOverEverything) {
  configure();
  refuses({"198.51.100.9"}, Code::kConfiguration, "every target is excluded");
  settings_.exclude = addresses_from("127.0.0.0/8,203.0.113.0/24").value();
  refuses({"127.0.0.1"}, Code::kConfiguration, "every target is excluded");
  request_.is_of_neighbours = true;
  refuses({}, Code::kConfiguration, "every target is excluded");
  request_ = {};
  request_.exclude = {"192.0.2.0/24,::1"};
  EXPECT_EQ(targets_of(plan({}).value().parts[0]), "2001:db8::1");
  request_.exclude = {"nonsense"};
  refuses({}, Code::kUsage, "--exclude");
}

TEST_F(ScopeTest, NeighboursComeFromTheConfigurationWithTheirPorts) {
  request_.is_of_neighbours = true;
  refuses({}, Code::kConfiguration, "no neighbours are configured");
  configure();
  settings_.is_scanner = false;
  const auto made = plan({});
  ASSERT_TRUE(made) << made.error().words.en;
  EXPECT_EQ(made->parts[0].role, Role::kNeighbour);
  EXPECT_EQ(targets_of(made->parts[0]), "203.0.113.7");
  EXPECT_EQ(to_text(made->parts[0].ports), "80");
  refuses({"203.0.113.7"}, Code::kUsage, "either");
  request_.is_of_neighbours = false;
  EXPECT_EQ(plan({"203.0.113.7"}).value().parts[0].role, Role::kNeighbour);
}

TEST_F(ScopeTest, OutsideTheWindowOnlyThisMachineIsSwept) {
  configure();
  settings_.windows = {sensor::working_hours_from("Sat 19:00-21:00 +08:00").value()};
  EXPECT_TRUE(plan({"198.51.100.1"})) << "it is 20:00 there";
  settings_.windows = {sensor::working_hours_from("Sat 21:00-24:00 +08:00").value(),
                       sensor::working_hours_from("Sun 00:00-06:00 +08:00").value()};
  refuses({"198.51.100.1"}, Code::kUnavailable, "outside the time window");
  request_.is_of_neighbours = true;
  refuses({}, Code::kUnavailable, "outside the time window");
  request_.is_of_neighbours = false;
  EXPECT_TRUE(plan({"127.0.0.1"}));
}

TEST_F(ScopeTest, ASweepEndsWithItsWindow) {
  configure();
  EXPECT_EQ(plan({"198.51.100.1"}).value().until, 0);
  settings_.windows = {sensor::working_hours_from("Sat 11:30-12:30 +00:00").value()};
  EXPECT_EQ(plan({"198.51.100.1"}).value().until, kSaturdayNoon + 30 * 60);
  settings_.windows.push_back(sensor::working_hours_from("Sat 12:30-14:00 +00:00").value());
  EXPECT_EQ(plan({"198.51.100.1"}).value().until, kSaturdayNoon + 120 * 60);
  settings_.windows = {sensor::working_hours_from("Mon-Sun 00:00-24:00 +00:00").value()};
  EXPECT_EQ(plan({"198.51.100.1"}).value().until, 0);
  EXPECT_EQ(plan({"127.0.0.1"}).value().until, 0);
}

TEST_F(ScopeTest, ARateAboveTheConfiguredOneIsNotGranted) {
  configure();
  settings_.packets_per_second = 100;
  request_.packets_per_second = 1000;
  EXPECT_EQ(plan({"198.51.100.1"}).value().packets_per_second, 100U);
  request_.packets_per_second = 10;
  EXPECT_EQ(plan({"198.51.100.1"}).value().packets_per_second, 10U);
}

TEST_F(ScopeTest, MoreThanCanBeKeptIsRefused) {
  configure();
  settings_.ranges = addresses_from("10.0.0.0/8,2001:db8::/32").value();
  refuses({"10.0.0.0/15"}, Code::kTooLarge, "at most 65536 addresses");
  refuses({"2001:db8::/64"}, Code::kTooLarge, "at most 65536 addresses");
  request_.ports = "-";
  refuses({"10.0.0.0/24"}, Code::kTooLarge, "6000000 ports");
  request_.ports = "22,80";
  EXPECT_TRUE(plan({"10.0.0.0/16"}));
  request_.ports = "eighty";
  refuses({"10.0.0.0/24"}, Code::kUsage, "eighty");
}

}  // namespace
}  // namespace assay::agent::sweep
