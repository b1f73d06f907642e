// When the resident agent looks at the network.
#include <gtest/gtest.h>

#include <optional>

#include "agent/scan/resident_scanner.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/scan/network/scripted_scanner.h"
#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {
namespace {

constexpr std::int64_t kHour = 3600;

class ResidentNetworkTest : public testing::Test {
 protected:
  ResidentNetworkTest() {
    settings_.state_dir = state_.root();
    tls_.settings.network.services = NetworkUse::kOff;
    host_.sockets = {{.protocol = 6, .family = 2, .address = "0.0.0.0", .port = 443, .inode = 1}};
  }
  Scan scan_after(std::int64_t seconds, bool is_asked = false) {
    host_.now_seconds += seconds;
    settings_.network = tls_.settings.network;
    const auto look = tls_.look(false);
    return scanner_->scan({.is_asked = is_asked,
                           .own = &own_,
                           .network = &look,
                           .is_kept = [](const evidence::Digest&) { return true; }});
  }
  [[nodiscard]] std::size_t looks() const { return tls_.inputs.size(); }
  void restart(const Scan& last) {
    auto manifest = manifest_of(last);
    manifest.agent_version = ASSAY_VERSION;
    manifest.config_digest = digest_of(settings_);
    scanner_.emplace(host_);
    scanner_->remember(manifest);
  }

  ScratchFolder state_;
  Settings settings_;
  OwnFacts own_{&settings_, {}};
  MemoryHost host_;
  ScriptedScanner tls_;
  std::optional<ResidentScanner> scanner_{std::in_place, host_};
};

TEST_F(ResidentNetworkTest, OnceADayWhileNothingChanges) {
  const auto first = scan_after(0);
  ASSERT_TRUE(first.find("tls_endpoints")->is_ok()) << first.find("tls_endpoints")->reason;
  for (int hour = 1; hour < 24; ++hour) {
    const auto next = scan_after(kHour);
    EXPECT_EQ(next.find("tls_endpoints")->collected, first.started);
    EXPECT_EQ(next.find("tls_endpoints")->digest, first.find("tls_endpoints")->digest);
  }
  EXPECT_EQ(looks(), 1U);
  EXPECT_EQ(scan_after(kHour).find("tls_endpoints")->collected, std::nullopt);
  EXPECT_EQ(looks(), 2U);
}

TEST_F(ResidentNetworkTest, WhenAnotherProgramListensOrOneHasStartedAgain) {
  (void)scan_after(0);
  host_.sockets.push_back({.protocol = 6, .family = 2, .address = "0.0.0.0", .port = 8443});
  (void)scan_after(kHour);
  EXPECT_EQ(looks(), 2U);
  host_.sockets.front().inode = 77;
  (void)scan_after(kHour);
  EXPECT_EQ(looks(), 3U);
  (void)scan_after(kHour);
  EXPECT_EQ(looks(), 3U);
}

TEST_F(ResidentNetworkTest, NotMoreThanOnceAnHourHoweverOftenItChanges) {
  (void)scan_after(0);
  for (int i = 0; i < 6; ++i) {
    host_.sockets.front().inode += 1;
    (void)scan_after(300);
  }
  EXPECT_EQ(looks(), 1U);
  (void)scan_after(kHour / 2);
  EXPECT_EQ(looks(), 2U);
}

TEST_F(ResidentNetworkTest, WhenItIsAskedFor) {
  (void)scan_after(0);
  (void)scan_after(60, true);
  EXPECT_EQ(looks(), 2U);
}

TEST_F(ResidentNetworkTest, AFailureIsAGapAndTriedAgainInAnHour) {
  tls_.answer = fail(Code::kTimedOut, "the scanner took too long");
  const auto first = scan_after(0);
  EXPECT_FALSE(first.find("tls_suites")->is_ok());
  EXPECT_EQ(first.losses, std::vector<std::string>{"tls: the scanner took too long"});
  EXPECT_TRUE(first.find("listening_ports")->is_ok());
  const auto repeated = scan_after(kHour / 2);
  EXPECT_TRUE(repeated.losses.empty());
  EXPECT_FALSE(repeated.find("tls_suites")->is_ok());
  tls_.answer = ScannerEnd{};
  EXPECT_TRUE(scan_after(kHour).find("tls_suites")->is_ok());
}

TEST_F(ResidentNetworkTest, NotWhereItIsSwitchedOff) {
  tls_.settings.network.tls = NetworkUse::kOff;
  const auto scan = scan_after(0);
  EXPECT_EQ(looks(), 0U);
  EXPECT_TRUE(scan.find("tls_endpoints")->reason.contains("switched off"));
  tls_.settings.network.tls = NetworkUse::kAuto;
  EXPECT_TRUE(scan_after(kHour).find("tls_endpoints")->is_ok());
}

TEST_F(ResidentNetworkTest, AnotherProcessLooksAgainOnlyWhenSomethingIsNew) {
  const auto first = scan_after(0);
  restart(first);
  host_.sockets.front().inode = 5;  // as after a restart of the machine
  (void)scan_after(2 * kHour);
  EXPECT_EQ(looks(), 1U);
  restart(first);
  host_.sockets.push_back({.protocol = 6, .family = 2, .address = "0.0.0.0", .port = 8443});
  (void)scan_after(kHour);
  EXPECT_EQ(looks(), 2U);
}

TEST_F(ResidentNetworkTest, OtherTargetsAreNews) {
  const auto first = scan_after(0);
  tls_.settings.network.targets = {{"www.example.tw", 443, "auto"}};
  (void)scan_after(kHour);
  EXPECT_EQ(looks(), 2U);
  restart(first);
  tls_.settings.network.targets.clear();
  (void)scan_after(kHour);
  EXPECT_EQ(looks(), 3U);
}

TEST_F(ResidentNetworkTest, EachOfItsQuestionsHasItsOwnSwitch) {
  tls_.settings.network.tls = NetworkUse::kOff;
  tls_.settings.network.services = NetworkUse::kAuto;
  const auto scan = scan_after(0);
  EXPECT_TRUE(scan.find("tls_endpoints")->reason.contains("switched off"));
  EXPECT_TRUE(scan.find("services")->is_ok()) << scan.find("services")->reason;
  EXPECT_TRUE(scan.find("service_details")->is_ok());
  EXPECT_EQ(tls_.arguments.front(), "services");
}

TEST_F(ResidentNetworkTest, ANameServerOverUdpIsNewsAndAnotherSocketIsNot) {
  (void)scan_after(0);
  host_.sockets.push_back({.protocol = 17, .family = 2, .address = "0.0.0.0", .port = 53});
  (void)scan_after(kHour);
  EXPECT_EQ(looks(), 2U);
  host_.sockets.push_back({.protocol = 17, .family = 2, .address = "0.0.0.0", .port = 5353});
  (void)scan_after(kHour);
  EXPECT_EQ(looks(), 2U);
}

TEST_F(ResidentNetworkTest, ItsCostIsAmongTheCosts) {
  const auto scan = scan_after(0);
  EXPECT_EQ(scan.find("tls_endpoints")->cost.cpu.count(), 1'500);
}

}  // namespace
}  // namespace assay::agent
