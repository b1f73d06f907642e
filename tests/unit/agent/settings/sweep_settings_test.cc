#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent/settings/settings.h"
#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {
namespace {

class SweepSettingsTest : public testing::Test {
 protected:
  [[nodiscard]] Result<Settings> load(
      const std::string& yaml, const std::map<std::string, std::string>& variables = {}) const {
    scratch_.write("agent.yaml", yaml);
    return load_settings({scratch_.root() + "/agent.yaml", true, variables, ::geteuid()});
  }
  void refuses(const std::string& yaml, const std::string& words) const {
    const auto settings = load(yaml);
    ASSERT_FALSE(settings) << yaml;
    EXPECT_EQ(settings.error().code(), Code::kConfiguration);
    EXPECT_NE(settings.error().message().find(words), std::string::npos)
        << settings.error().message();
  }
  ScratchFolder scratch_;
};

TEST_F(SweepSettingsTest, AnAgentIsNoScannerUnlessItIsToldSo) {
  const auto settings = load("profile: pc\n");
  ASSERT_TRUE(settings) << settings.error().message();
  EXPECT_FALSE(settings->sweep.is_scanner);
  EXPECT_TRUE(settings->sweep.ranges.is_empty());
  EXPECT_EQ(settings->sweep.packets_per_second, 500U);
}

TEST_F(SweepSettingsTest, EverythingIsRead) {
  const auto settings = load(
      "sweep:\n  scanner: true\n  ranges: [192.0.2.0/24, 2001:db8::/120]\n  exclude: [192.0.2.9]\n"
      "  ports: 22,80,U:53\n  rate: 50\n  neighbours: [192.0.2.7]\n  neighbour_ports: [22, 443]\n"
      "  window: [\"Mon-Sun 22:00-24:00 +08:00\", \"Mon-Sun 00:00-06:00 +08:00\"]\n");
  ASSERT_TRUE(settings) << settings.error().message();
  const auto& sweep = settings->sweep;
  EXPECT_TRUE(sweep.is_scanner);
  EXPECT_EQ(sweep.ranges.count(1000), 512U);
  EXPECT_EQ(sweep.exclude.count(1000), 1U);
  EXPECT_EQ(to_text(sweep.ports), "22,80,U:53");
  EXPECT_EQ(sweep.packets_per_second, 50U);
  EXPECT_EQ(sweep.neighbours.count(1000), 1U);
  EXPECT_EQ(to_text(sweep.neighbour_ports), "22,443");
  EXPECT_EQ(sweep.windows.size(), 2U);
  const auto again = load(to_yaml(*settings));
  ASSERT_TRUE(again) << again.error().message() << to_yaml(*settings);
  EXPECT_EQ(digest_of(*again), digest_of(*settings));
}

TEST_F(SweepSettingsTest, AMistakeIsNamedWithItsLine) {
  refuses("sweep:\n  ranges: [192.0.2.0/33]\n", "agent.yaml:2: sweep.ranges: \"192.0.2.0/33\"");
  refuses("sweep: {scanner: maybe}\n", "write true or false");
  refuses("sweep: {rate: 0}\n", "1 to 100000");
  refuses("sweep: {ports: 99999}\n", "99999");
  refuses("sweep: {window: always}\n", "the days cannot be read");
  refuses("sweep: {range: [192.0.2.1]}\n", "did you mean \"ranges\"");
}

TEST_F(SweepSettingsTest, TheEnvironmentSaysNothingOfIt) {
  const auto settings = load("profile: pc\n", {{"ASSAY_SWEEP_RANGES", "192.0.2.0/24"}});
  ASSERT_FALSE(settings);
  EXPECT_NE(settings.error().message().find("unknown setting ASSAY_SWEEP_RANGES"),
            std::string::npos)
      << settings.error().message();
}

TEST_F(SweepSettingsTest, AFileThatOthersCanWriteSaysNothingOfIt) {
  scratch_.write("agent.yaml", "");
  ASSERT_EQ(::chmod((scratch_.root() + "/agent.yaml").c_str(), 0666), 0);
  refuses("profile: pc\nsweep: {scanner: true}\n", "can be written by others than root");
  EXPECT_TRUE(load("profile: pc\n")) << "all else may stand there";
  EXPECT_TRUE(load("sweep:\n# ranges: []\n")) << "nothing but comments";
}

}  // namespace
}  // namespace assay::agent
