#include "agent/settings/settings.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {
namespace {

class SettingsTest : public testing::Test {
 protected:
  void write(const std::string& yaml) const { scratch_.write("agent.yaml", yaml); }
  [[nodiscard]] std::string file() const { return scratch_.root() + "/agent.yaml"; }
  [[nodiscard]] Result<Settings> load(const std::map<std::string, std::string>& variables = {},
                                      bool must_exist = false) const {
    return load_settings({file(), must_exist, variables, ::geteuid()});
  }
  void refuses(const std::string& yaml, const std::string& words) const {
    write(yaml);
    const auto settings = load();
    ASSERT_FALSE(settings) << yaml;
    EXPECT_EQ(settings.error().code(), Code::kConfiguration);
    EXPECT_NE(settings.error().message().find(words), std::string::npos)
        << settings.error().message();
  }
  ScratchFolder scratch_;
};

TEST_F(SettingsTest, WithoutAnyFileEverythingHasItsDefault) {
  const auto settings = load();
  ASSERT_TRUE(settings) << settings.error().message();
  EXPECT_EQ(settings->state_dir, "/var/lib/assay");
  EXPECT_EQ(settings->scan.interval, std::chrono::hours(1));
  EXPECT_TRUE(settings->origins.empty());
}

TEST_F(SettingsTest, AFileThatWasNamedMustBeThere) {
  EXPECT_EQ(load({}, true).error().code(), Code::kNotFound);
}

TEST_F(SettingsTest, ReadsEverySetting) {
  write(
      "state_dir: /srv/assay\nprofile: pc\nscan: {interval: 2h, splay: 10m, walk_interval: 2d}\n"
      "collector:\n  address: \"[2001:db8::1]:7443\"\nspool: {max_bytes: 64MiB}\n"
      "content:\n  folders: [/a, /b]\n"
      "network: {tls: on, services: off, snmp_communities: true, targets: [\"a:443\", \"[::1]:25 smtp\"], interval: 2d, max_endpoints: 9, "
      "time_limit: 90s}\n"
      "sensor: {interface: eth0, window: 10m, block_lists: [/a, /b], own_networks: [10.0.0.0/8, "
      "\"2001:db8::/32\"], working_hours: \"Mon-Fri 08:00-18:00 +08:00\", filter: not port "
      "9100}\n");
  const auto settings = load();
  ASSERT_TRUE(settings) << settings.error().message();
  EXPECT_EQ(settings->profile, "pc");
  EXPECT_EQ(settings->scan.splay, std::chrono::minutes(10));
  EXPECT_EQ(settings->scan.walk_interval, std::chrono::hours(48));
  EXPECT_EQ(settings->collector.address, "[2001:db8::1]:7443");
  EXPECT_EQ(settings->spool.max_bytes, 64 << 20);
  EXPECT_EQ(settings->content.folders, (std::vector<std::string>{"/a", "/b"}));
  EXPECT_EQ(settings->origins.at("collector.address"), file() + ":5");
  const auto& network = settings->network;
  EXPECT_EQ(network.tls, NetworkUse::kOn);
  EXPECT_EQ(network.services, NetworkUse::kOff);
  EXPECT_TRUE(network.asks_communities);
  EXPECT_EQ(network.targets, (std::vector<NetworkTarget>{{"a", 443, "auto"}, {"::1", 25, "smtp"}}));
  EXPECT_EQ(network.interval, std::chrono::hours(48));
  EXPECT_EQ(network.max_endpoints, 9);
  EXPECT_EQ(network.time_limit, std::chrono::seconds(90));
  const auto& sensor = settings->sensor;
  EXPECT_EQ(sensor.interface, "eth0");
  EXPECT_EQ(sensor.window, std::chrono::minutes(10));
  EXPECT_EQ(sensor.block_lists, (std::vector<std::string>{"/a", "/b"}));
  EXPECT_EQ(sensor.own_networks, (std::vector<std::string>{"10.0.0.0/8", "2001:db8::/32"}));
  EXPECT_EQ(sensor.working_hours, "Mon-Fri 08:00-18:00 +08:00");
  EXPECT_EQ(sensor.filter, "not port 9100");
}

TEST_F(SettingsTest, WhatTheSensorWatchesHasBounds) {
  refuses("sensor: {interface: --all}\n", "no name of an interface");
  refuses("sensor: {interface: a-name-that-is-too-long}\n", "no name of an interface");
  refuses("sensor: {window: 59s}\n", "between 1m and 1d");
  refuses("sensor: {block_lists: [isac.txt]}\n", "a path from /");
  refuses("sensor: {own_networks: [10.0.0.0/33]}\n", "is no network");
  refuses("sensor: {filter: 'a \"b'}\n", "without quotation marks");
}

TEST_F(SettingsTest, WhatTheNetworkIsAskedHasBounds) {
  refuses("network: {tls: yes}\n", "write auto, on or off");
  refuses("network: {services: ask}\n", "write auto, on or off");
  refuses("network: {snmp_communities: public}\n", "write true or false");
  refuses("network: {targets: [\"a\"]}\n", "HOST:PORT");
  refuses("network: {targets: [\"a:25 gopher\"]}\n", "no such protocol");
  refuses("network: {interval: 5m}\n", "between 1h and 7d");
  refuses("network: {max_endpoints: 501}\n", "between 1 and 500");
  refuses("network: {time_limit: 1s}\n", "between 5s and 30m");
  write("profile: pc\n");
  EXPECT_EQ(load({{"ASSAY_NETWORK_TARGETS", "a:1,b:2 imap"}}).value().network.targets.size(), 2U);
}

TEST_F(SettingsTest, AnUnknownSettingIsNamedWithItsPlaceAndTheLikelyOne) {
  refuses("profile: pc\nscan:\n  intervall: 1h\n", file() + ":3: ");
  refuses("scan:\n  intervall: 1h\n", "did you mean \"interval\"");
  refuses("profil: pc\n", "did you mean \"profile\"");
}

TEST_F(SettingsTest, AValueThatMakesNoSenseIsRefusedWithItsLine) {
  refuses("scan:\n  interval: 10s\n", file() + ":2: scan.interval: between 5m and 7d");
  refuses("profile: laptop\n", "write server or pc");
  refuses("state_dir: var/lib\n", "a path from /");
  refuses("collector: {address: host}\n", "HOST:PORT");
  refuses("collector: {address: \"host:99999\"}\n", "HOST:PORT");
  refuses("spool: {max_bytes: 1KiB}\n", "at least 1MiB");
  refuses("scan: {interval: 10m, splay: 6m}\n", "at most half");
  refuses("scan: {walk_interval: 10m}\n", "between 1h and 7d");
  refuses("scan: {walk_interval: 8d}\n", "between 1h and 7d");
  refuses("scan: [1, 2]\n", "keys and values");
  refuses("profile: [server]\n", "one value");
}

TEST_F(SettingsTest, AllProblemsAreShownAtOnce) {
  refuses("profil: pc\nspool: {max_byte: 1}\n", "max_bytes");
  refuses("profil: pc\nspool: {max_byte: 1}\n", "profile");
}

TEST_F(SettingsTest, LaterFilesWinInTheOrderOfTheirNames) {
  write("profile: pc\nscan: {interval: 2h}\n");
  scratch_.write("conf.d/20-b.yaml", "scan: {interval: 4h}\n");
  scratch_.write("conf.d/10-a.yaml", "scan: {interval: 3h}\n");
  scratch_.write("conf.d/30.yaml.bak", "nonsense: true\n");
  scratch_.write("conf.d/90-empty.yaml", "# nothing\n---\n\n");
  const auto settings = load();
  ASSERT_TRUE(settings) << settings.error().message();
  EXPECT_EQ(settings->scan.interval, std::chrono::hours(4));
  EXPECT_EQ(settings->profile, "pc");
}

TEST_F(SettingsTest, TheEnvironmentWinsOverFiles) {
  write("profile: pc\n");
  const auto settings =
      load({{"ASSAY_PROFILE", "server"}, {"ASSAY_SCAN_INTERVAL", "30m"}, {"ASSAY_TOKEN", "x"}});
  ASSERT_TRUE(settings) << settings.error().message();
  EXPECT_EQ(settings->profile, "server");
  EXPECT_EQ(settings->scan.interval, std::chrono::minutes(30));
  EXPECT_EQ(settings->origins.at("profile"), "ASSAY_PROFILE");
}

TEST_F(SettingsTest, AVariableThatIsMeantForUsAndWrongIsAnError) {
  const auto settings = load({{"ASSAY_SCAN_INTERVALL", "30m"}});
  ASSERT_FALSE(settings);
  EXPECT_NE(settings.error().message().find("did you mean ASSAY_SCAN_INTERVAL?"),
            std::string::npos);
}

TEST_F(SettingsTest, TheDumpIsReadBackAsTheSameSettings) {
  write(
      "scan: {interval: 2h}\ncollector: {address: \"a:1\"}\ncontent: {folders: [/a, /b]}\n"
      "network: {tls: off, targets: [\"a:443\", \"[::1]:25 smtp\"]}\n"
      "sensor: {interface: any, own_networks: [10.0.0.0/8, 192.0.2.1], filter: tcp}\n");
  const auto first = load().value();
  scratch_.write("agent.yaml", to_yaml(first));
  const auto second = load();
  ASSERT_TRUE(second) << second.error().message() << to_yaml(first);
  EXPECT_EQ(digest_of(first), digest_of(*second));
  write(to_yaml(Settings()));
  EXPECT_TRUE(load());
}

TEST_F(SettingsTest, TheDigestIsOverValuesAndNotOverTheirOrigin) {
  auto settings = Settings();
  const auto before = digest_of(settings);
  settings.origins["profile"] = "agent.yaml:1";
  EXPECT_EQ(digest_of(settings), before);
  settings.profile = "pc";
  EXPECT_NE(digest_of(settings), before);
}

}  // namespace
}  // namespace assay::agent
