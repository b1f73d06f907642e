#include "collector/main/settings.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "collector/main/commands.h"
#include "collector/main/state.h"
#include "evidence/refusal.h"
#include "tests/unit/evidence/ledger/stamp_authority.h"

namespace assay::collector {
namespace {

TEST(Settings, RetentionIsTheLongestThatIsAskedFor) {
  EXPECT_EQ(parse_settings("", "c.yaml")->retention.longest(), std::chrono::years(5));
  EXPECT_EQ(parse_settings("retention:\n", "c.yaml")->retention.years, std::chrono::years(5));
  const auto settings =
      parse_settings("retention: {years: 6, frameworks: {a: 7, b: 6}}\n", "c.yaml");
  ASSERT_TRUE(settings) << settings.error().message();
  EXPECT_EQ(settings->retention.longest(), std::chrono::years(7));
  for (const auto* text : {"years: 0", "years: 101", "years: five", "frameworks: {a: 4}",
                           "years: 8, frameworks: {a: 7}", "frameworks: {a: -1}", "months: 3"})
    EXPECT_FALSE(parse_settings("retention: {" + std::string(text) + "}\n", "c.yaml")) << text;
}

TEST(Settings, AreReadFromYaml) {
  const auto settings = parse_settings(
      "listen: 0.0.0.0:7443\nagents: {scan_interval_seconds: 600, profile: pc}\n", "c.yaml");
  ASSERT_TRUE(settings) << settings.error().message();
  EXPECT_EQ(settings->listen, "0.0.0.0:7443");
  EXPECT_EQ(settings->agents.scan_interval_seconds, 600);
  EXPECT_EQ(settings->agents.profile, "pc");
}

TEST(Settings, ReportsAreMadeUnlessTheyAreSwitchedOff) {
  EXPECT_TRUE(parse_settings("", "c.yaml")->has_weekly_reports);
  EXPECT_TRUE(parse_settings("reports:\n", "c.yaml")->has_weekly_reports);
  EXPECT_TRUE(parse_settings("reports: {weekly: true}\n", "c.yaml")->has_weekly_reports);
  EXPECT_FALSE(parse_settings("reports: {weekly: false}\n", "c.yaml")->has_weekly_reports);
  for (const auto* text : {"weekly: yes", "weekly: 'true'", "weekly: 1", "daily: true"})
    EXPECT_FALSE(parse_settings("reports: {" + std::string(text) + "}\n", "c.yaml")) << text;
}

TEST(Settings, TheLogIsForPeopleOrForPrograms) {
  EXPECT_EQ(parse_settings("log:\n", "c.yaml")->log_format, LogFormat::kText);
  EXPECT_EQ(parse_settings("log: {format: text}\n", "c.yaml")->log_format, LogFormat::kText);
  EXPECT_EQ(parse_settings("log: {format: json}\n", "c.yaml")->log_format, LogFormat::kJson);
  EXPECT_FALSE(parse_settings("log: {format: xml}\n", "c.yaml"));
  EXPECT_FALSE(parse_settings("log: {level: info}\n", "c.yaml"));
}

TEST(Settings, WhatCountsFromTheNextStartOnIsNamed) {
  const auto read = [](const std::string& text) { return parse_settings(text, "c.yaml").value(); };
  using Names = std::vector<std::string_view>;
  const auto before = read("listen: 127.0.0.1:1\n");
  EXPECT_EQ(changed_at_start(before, before), Names());
  EXPECT_EQ(changed_at_start(before, read("listen: 127.0.0.1:1\nquotas: {snapshots_per_minute: 9}\n"
                                          "agents: {profile: pc}\nstale_after_days: 3\n")),
            Names());
  EXPECT_EQ(changed_at_start(before, read("api_listen: 127.0.0.1:2\nlog: {format: json}\n"
                                          "reports: {weekly: false}\n")),
            (Names{"listen", "api_listen", "reports", "log"}));
  EXPECT_EQ(changed_at_start(before, read("listen: 127.0.0.1:1\nstore: postgres:dbname=a\n"
                                          "ledger: {timestamps: {url: 'http://a/', ca: b}}\n")),
            (Names{"store", "ledger.timestamps"}));
}

TEST(Settings, AnOrganisationSaysWhatItIsInKnownWords) {
  EXPECT_FALSE(parse_settings("", "c.yaml")->organisation.kinds);
  EXPECT_FALSE(parse_settings("organisation:\n  kinds:\n", "c.yaml")->organisation.kinds)
      << "lines that are commented out let nobody off";
  const auto settings =
      parse_settings("organisation: {grade: C, kinds: [government, internet-order]}\n", "c.yaml");
  ASSERT_TRUE(settings) << settings.error().message();
  EXPECT_EQ(settings->organisation.grade, "C");
  EXPECT_EQ(settings->organisation.kinds,
            (std::vector<std::string>{"government", "internet-order"}));
  EXPECT_TRUE(parse_settings("organisation: {kinds: []}\n", "c.yaml")->organisation.kinds);
  for (const auto* text : {"grade: F", "kinds: [bank]", "kinds: internet-order", "size: 3"})
    EXPECT_FALSE(parse_settings("organisation: {" + std::string(text) + "}\n", "c.yaml")) << text;
}

TEST(Settings, MayAllBeCommentedOut) {
  EXPECT_TRUE(parse_settings("", "c.yaml"));
  EXPECT_TRUE(parse_settings("# listen: 0.0.0.0:7443\n", "c.yaml"));
  EXPECT_TRUE(parse_settings("agents:\n#  profile: pc\n", "c.yaml"));
}

TEST(Settings, AFileWithNothingInItSaysNothing) {
  std::string folder = testing::TempDir() + "settings-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  std::ofstream(folder + "/collector.yaml").close();
  const auto settings = load_settings(folder);
  EXPECT_TRUE(settings) << settings.error().message();
  std::filesystem::remove_all(folder);
}

TEST(Settings, AnUnknownOneIsAnErrorWithItsLine) {
  const auto settings = parse_settings("listen: x:1\nlisten_api: y:2\n", "c.yaml");
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().code(), Code::kConfiguration);
  EXPECT_NE(settings.error().message().find("c.yaml:2"), std::string::npos);
}

TEST(Settings, AValueOutOfBoundsIsAnError) {
  EXPECT_FALSE(parse_settings("agents: {scan_interval_seconds: 5}\n", "c.yaml"));
  EXPECT_FALSE(parse_settings("agents: {profile: mainframe}\n", "c.yaml"));
}

TEST(Settings, TheStoreMayBeADatabaseWhosePasswordIsElsewhere) {
  EXPECT_EQ(parse_settings("store: postgres:host=a,b dbname=assay\n", "c.yaml")->store,
            "postgres:host=a,b dbname=assay");
  EXPECT_TRUE(parse_settings("store: postgresql://assay@db/assay\n", "c.yaml"));
  EXPECT_FALSE(parse_settings("store: mysql:host=a\n", "c.yaml"));
  const auto refused = parse_settings("store: postgres:host=a password=geheim\n", "c.yaml");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message().find("geheim"), std::string::npos);
}

TEST(Settings, QuotasOfOneAgent) {
  const auto settings =
      parse_settings("quotas: {snapshots_per_minute: 30, megabytes_per_day: 50}\n", "c.yaml");
  ASSERT_TRUE(settings) << settings.error().message();
  EXPECT_EQ(settings->quotas.snapshots_per_minute, 30);
  EXPECT_EQ(settings->quotas.bytes_per_day, 50'000'000);
  EXPECT_EQ(parse_settings("", "c.yaml")->quotas.snapshots_per_minute, 120);
  for (const auto* text : {"snapshots_per_minute: 0", "snapshots_per_minute: 100001",
                           "megabytes_per_day: 0", "megabytes_per_day: 9223372036854775807"})
    EXPECT_FALSE(parse_settings("quotas: {" + std::string(text) + "}\n", "c.yaml")) << text;
}

TEST(Settings, WhomToAskForTimeStamps) {
  const auto settings = parse_settings(
      "ledger: {timestamps: {url: 'http://tsa.example/tsr', ca: tsa.pem, every: 30m}}\n", "c.yaml");
  ASSERT_TRUE(settings) << settings.error().message();
  EXPECT_EQ(settings->timestamps.url, "http://tsa.example/tsr");
  EXPECT_EQ(settings->timestamps.ca, "tsa.pem");
  EXPECT_EQ(settings->timestamps.every, std::chrono::minutes(30));
  EXPECT_TRUE(parse_settings("ledger:\n#  timestamps:\n", "c.yaml")->timestamps.url.empty());
  EXPECT_TRUE(parse_settings("ledger: {timestamps: }\n", "c.yaml")->timestamps.url.empty());
}

TEST(Settings, WrongOnesOfTimeStampsAreRefusedInBothLanguages) {
  for (const auto* text :
       {"url: 'ftp://tsa.example/', ca: x", "url: 'http://u:p@tsa.example/', ca: x",
        "url: 'http://tsa.example/', ca: ''", "url: 'http://tsa.example/', ca: x, every: soon",
        "url: 'http://tsa.example/', ca: x, every: 8d"}) {
    const auto settings =
        parse_settings("ledger: {timestamps: {" + std::string(text) + "}}\n", "c.yaml");
    ASSERT_FALSE(settings) << text;
    EXPECT_TRUE(settings.error().message().starts_with("c.yaml:1: ")) << text;
    EXPECT_TRUE(reads_as_chinese(settings.error().text().zh_tw)) << settings.error().text().zh_tw;
  }
  for (const auto* text : {"{timestamps: {ca: x}}", "{timestamps: {url: 'http://t/'}}",
                           "{timestamps: {url: 'http://t/', ca: x, evry: 1h}}", "{stamps: {}}"})
    EXPECT_FALSE(parse_settings("ledger: " + std::string(text) + "\n", "c.yaml")) << text;
}

constexpr const char* kWitnessKey =
    "witness.example/w1+6cf994dc+BLsCFqHoSuMyyqWMAp4ZwofsZVULfGAYJXPKAUr9iZii";

TEST(Settings, WhichWitnessesToAsk) {
  const auto one = "{url: 'https://w.example/prefix', key: '" + std::string(kWitnessKey) + "'}";
  const auto settings =
      parse_settings("ledger: {witnesses: [" + one + "], witness_every: 30m}\n", "c.yaml");
  ASSERT_TRUE(settings) << settings.error().message();
  ASSERT_EQ(settings->witnessing.witnesses.size(), 1U);
  EXPECT_EQ(evidence::to_text(settings->witnessing.witnesses[0].key), kWitnessKey);
  EXPECT_EQ(settings->witnessing.witnesses[0].url.target, "/prefix");
  EXPECT_EQ(settings->witnessing.every, std::chrono::minutes(30));
  for (const auto* none :
       {"ledger:\n#  witnesses:\n", "ledger: {witnesses: }\n", "ledger: {witnesses: []}\n", ""})
    EXPECT_TRUE(parse_settings(none, "c.yaml")->witnessing.witnesses.empty()) << none;
}

TEST(Settings, WrongOnesOfWitnessesAreRefusedInBothLanguages) {
  const auto with_key = [](const std::string& url) {
    return "{url: '" + url + "', key: '" + kWitnessKey + "'}";
  };
  const auto good = with_key("http://w/");
  std::string many;
  for (int i = 0; i < 17; ++i) many += good + ", ";
  for (const auto& text :
       {"[" + with_key("w.example") + "]", "[" + with_key("http://u:p@w/") + "]",
        "[" + with_key("http://w/?x=1") + "]", "[" + good + ", " + good + "]", "[" + many + "]",
        std::string("[{url: 'http://w/', key: x}]"),
        std::string("[{url: 'http://w/', key: "
                    "'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'}]"),
        "[" + good + "], witness_every: 8d", "[" + good + "], witness_every: soon"}) {
    const auto settings = parse_settings("ledger: {witnesses: " + text + "}\n", "c.yaml");
    ASSERT_FALSE(settings) << text;
    EXPECT_TRUE(reads_as_chinese(settings.error().text().zh_tw)) << settings.error().text().zh_tw;
  }
  for (const auto* text : {"[{url: 'http://w/'}]", "{url: 'http://w/'}", "w.example"})
    EXPECT_FALSE(parse_settings("ledger: {witnesses: " + std::string(text) + "}\n", "c.yaml"))
        << text;
}

TEST(Settings, TheAuthoritiesAreReadBelowTheStateFolder) {
  std::string folder = testing::TempDir() + "authorities-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  Settings settings;
  EXPECT_EQ(stamp_authorities(settings, folder).value(), "") << "nobody is asked";
  settings.timestamps = {.url = "http://tsa.example/", .ca = "tsa.pem"};
  EXPECT_EQ(stamp_authorities(settings, folder).error().code(), Code::kConfiguration);
  std::ofstream(folder + "/tsa.pem") << "nonsense";
  const auto nonsense = stamp_authorities(settings, folder);
  ASSERT_FALSE(nonsense);
  EXPECT_EQ(nonsense.error().code(), Code::kConfiguration);
  EXPECT_TRUE(reads_as_chinese(nonsense.error().text().zh_tw)) << nonsense.error().text().zh_tw;
  const evidence::StampAuthority authority;
  std::ofstream(folder + "/tsa.pem") << authority.ca();
  EXPECT_EQ(stamp_authorities(settings, folder).value(), authority.ca());
  settings.timestamps.ca = folder + "/tsa.pem";
  EXPECT_TRUE(stamp_authorities(settings, "/nowhere")) << "or anywhere else";
  std::filesystem::remove_all(folder);
}

TEST(ServeLock, IsHeldByOneAtATime) {
  std::string folder = testing::TempDir() + "serve-lock-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  {
    const auto first = ServeLock::take(folder);
    ASSERT_TRUE(first) << first.error().message();
    EXPECT_EQ(ServeLock::take(folder).error().code(), Code::kConflict);
  }
  EXPECT_TRUE(ServeLock::take(folder));
  std::filesystem::remove_all(folder);
}

TEST(Duration, IsANumberWithAUnit) {
  EXPECT_EQ(parse_duration("90s").value(), std::chrono::seconds(90));
  EXPECT_EQ(parse_duration("7d").value(), std::chrono::days(7));
  for (const auto* text : {"", "5", "h", "-1h", "1w", "0m", "99999999999999h", "1h "})
    EXPECT_FALSE(parse_duration(text)) << text;
}

}  // namespace
}  // namespace assay::collector
