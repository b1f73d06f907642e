#include "agent/probes/linux/accounts/password_policy/pwquality_conf.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/map_host.h"

namespace assay::agent {
namespace {

constexpr const char* kMain = "/etc/security/pwquality.conf";

QualitySettings read(MapHost host) {
  auto settings = read_pwquality_conf(host);
  EXPECT_TRUE(settings.has_value());
  return settings.value_or(QualitySettings());
}

QualitySettings with(std::initializer_list<std::pair<const char*, int>> numbers) {
  auto settings = pwquality_defaults();
  for (const auto& [name, value] : numbers) settings.numbers[name].value = value;
  return settings;
}

TEST(PwqualityConf, HasTheLibrarysDefaultsWithoutAFile) {
  const auto settings = read(MapHost());
  EXPECT_EQ(settings.value("minlen"), 8);
  EXPECT_EQ(settings.value("difok"), 1);
  EXPECT_EQ(settings.value("dcredit"), 0);
  EXPECT_FALSE(settings.where("minlen").has_value());
}

TEST(PwqualityConf, ReadsEverySpellingOfALine) {
  const auto settings = read(MapHost(
      {{kMain,
        "minlen=12\n  ucredit = -1 # one\n\tdcredit -1\nMINCLASS = 3\nenforce_for_root\n"}}));
  EXPECT_EQ(settings.value("minlen"), 12);
  EXPECT_EQ(settings.value("ucredit"), -1);
  EXPECT_EQ(settings.value("dcredit"), -1);
  EXPECT_EQ(settings.value("minclass"), 3);
  EXPECT_EQ(settings.value("enforce_for_root"), 1);
  EXPECT_EQ(settings.where("ucredit")->text(), "/etc/security/pwquality.conf:2");
}

TEST(PwqualityConf, LetsTheMainFileOverrideTheDropIns) {
  const auto settings = read(
      MapHost{{kMain, "minlen = 9\n"}, {"/etc/security/pwquality.conf.d/a.conf", "minlen = 14\n"}});
  EXPECT_EQ(settings.value("minlen"), 9);
  EXPECT_EQ(settings.where("minlen")->text(), "/etc/security/pwquality.conf:1");
}

TEST(PwqualityConf, ReadsDropInsInOrderAndOnlyThoseThatEndInConf) {
  const auto settings =
      read(MapHost{{kMain, "# nothing\n"},
                   {"/etc/security/pwquality.conf.d/10-a.conf", "minlen = 10\n"},
                   {"/etc/security/pwquality.conf.d/20-b.conf", "minlen = 20\n"},
                   {"/etc/security/pwquality.conf.d/30-c.conf.dpkg-old", "minlen = 30\n"},
                   {"/etc/security/pwquality.conf.d/40-d", "minlen = 40\n"}});
  EXPECT_EQ(settings.value("minlen"), 20);
}

TEST(PwqualityConf, StopsWhereTheLibraryStops) {
  const auto settings = read(MapHost{{kMain, "minlen = 12\nminclas = 4\nucredit = -1\n"}});
  EXPECT_EQ(settings.value("minlen"), 12);
  EXPECT_EQ(settings.value("ucredit"), 0);
  ASSERT_EQ(settings.problems.size(), 1U);
  EXPECT_NE(settings.problems[0].find("pwquality.conf:2: 'minclas'"), std::string::npos);
}

TEST(PwqualityConf, ATypoInADropInHidesTheMainFile) {
  const auto settings = read(
      MapHost{{kMain, "minlen = 14\n"}, {"/etc/security/pwquality.conf.d/a.conf", "minlen = x\n"}});
  EXPECT_EQ(settings.value("minlen"), 8);
}

TEST(PwqualityConf, RaisesAMinlenBelowSixAndCapsMinclass) {
  const auto settings = read(MapHost{{kMain, "minlen = 3\nminclass = 9\n"}});
  EXPECT_EQ(settings.value("minlen"), 6);
  EXPECT_EQ(settings.value("minclass"), 4);
}

TEST(PwqualityConf, LetsArgumentsWinAndPassesOverWhatItDoesNotKnow) {
  auto settings = read(MapHost{{kMain, "minlen = 14\n"}});
  add_arguments(settings, {.module = "pam_pwquality",
                           .arguments = {"retry=3", "minlen=9", "use_authtok", "nonsense"},
                           .where = {"/etc/pam.d/common-password", 25}});
  EXPECT_EQ(settings.value("minlen"), 9);
  EXPECT_EQ(settings.where("minlen")->text(), "/etc/pam.d/common-password:25");
  EXPECT_EQ(settings.problems.size(), 1U);
}

TEST(PwqualityConf, KnowsTheDefaultsOfTheLibraryOfRedHat7) {
  const auto settings = read(MapHost{
      {"/usr/lib64/libpwquality.so.1", "difok minlen dcredit ucredit lcredit ocredit minclass"},
      {kMain, "minlen = 12\n"},
      {"/etc/security/pwquality.conf.d/a.conf", "ocredit = 0\n"}});
  EXPECT_EQ(settings.value("minlen"), 12);
  EXPECT_EQ(settings.value("ocredit"), 1);  // it reads no drop-ins
  EXPECT_EQ(settings.value("usercheck"), 1);
  EXPECT_EQ(shortest_accepted(settings), 8);
}

TEST(PwqualityConf, StopsAtASettingThatTheInstalledLibraryDoesNotKnow) {
  const auto settings =
      read(MapHost{{"/usr/lib/x86_64-linux-gnu/libpwquality.so.1", "dictcheck usercheck enforcing"},
                   {kMain, "minlen = 12\nretry = 3\nminclass = 4\n"}});
  EXPECT_EQ(settings.value("minlen"), 12);
  EXPECT_EQ(settings.value("minclass"), 0);
  EXPECT_EQ(settings.value("dcredit"), 0);
  ASSERT_EQ(settings.problems.size(), 1U);
}

TEST(PwqualityConf, IsAnErrorWhenTheLibraryCannotBeRead) {
  MapHost host{{"/usr/lib64/libpwquality.so.1", "dictcheck"}, {kMain, "minlen = 12\n"}};
  host.failing("/usr/lib64/libpwquality.so.1", Code::kPermissionDenied);
  EXPECT_FALSE(read_pwquality_conf(host).has_value());
}

TEST(PwqualityConf, RefusesABinaryFile) {
  MapHost host{{kMain, std::string("minlen = 12\n\0\0", 14)}};
  const auto settings = read_pwquality_conf(host);
  ASSERT_FALSE(settings.has_value());
  EXPECT_EQ(settings.error().code(), Code::kInvalidData);
}

TEST(PwqualityConf, IsAnErrorWhenADropInCannotBeRead) {
  MapHost host{{"/etc/security/pwquality.conf.d/a.conf", "minlen = 12\n"}};
  host.failing("/etc/security/pwquality.conf.d/a.conf", Code::kPermissionDenied);
  EXPECT_FALSE(read_pwquality_conf(host).has_value());
}

TEST(ShortestAccepted, IsMinlenWithoutCredits) {
  EXPECT_EQ(shortest_accepted(with({{"minlen", 12}})), 12);
  EXPECT_EQ(shortest_accepted(with({{"minlen", 12}, {"dcredit", -1}, {"ucredit", -1}})), 12);
}

TEST(ShortestAccepted, LosesEveryPositiveCredit) {
  EXPECT_EQ(shortest_accepted(with({{"minlen", 12}, {"dcredit", 1}})), 11);
  EXPECT_EQ(shortest_accepted(with(
                {{"minlen", 12}, {"dcredit", 1}, {"ucredit", 1}, {"lcredit", 1}, {"ocredit", 1}})),
            8);
}

TEST(ShortestAccepted, CountsEachCharacterAtMostTwice) {
  EXPECT_EQ(shortest_accepted(with({{"minlen", 20}, {"dcredit", 99}})), 10);
}

TEST(ShortestAccepted, StaysAtSixWithTheDictionaryAndFallsWithoutIt) {
  const auto credits = [](int dictcheck) {
    return with({{"minlen", 8}, {"dcredit", 2}, {"ucredit", 2}, {"dictcheck", dictcheck}});
  };
  EXPECT_EQ(shortest_accepted(credits(1)), 6);
  EXPECT_EQ(shortest_accepted(credits(0)), 4);
}

TEST(ShortestAccepted, GrowsWithTheCharactersAskedFor) {
  EXPECT_EQ(shortest_accepted(with({{"minlen", 6}, {"dcredit", -5}, {"ucredit", -4}})), 9);
}

TEST(ClassesRequired, IsTheLargerOfMinclassAndNegativeCredits) {
  EXPECT_EQ(classes_required(with({})), 0);
  EXPECT_EQ(classes_required(with({{"minclass", 3}, {"dcredit", -1}})), 3);
  EXPECT_EQ(classes_required(with({{"dcredit", -1}, {"ucredit", -2}, {"lcredit", 1}})), 2);
}

}  // namespace
}  // namespace assay::agent
