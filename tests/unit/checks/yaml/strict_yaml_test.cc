#include "checks/yaml/strict_yaml.h"

#include <gtest/gtest.h>

namespace assay::checks::yaml {
namespace {

class StrictYamlTest : public testing::Test {
 protected:
  // Reads a mapping with the keys `interval` (required) and `profile`.
  void read(std::string_view text) {
    const auto root = parse(text, "agent.yaml", &problems_);
    if (!root) return;
    Mapping mapping(*root);
    if (const auto interval = mapping.required("interval")) interval_ = interval->integer();
    if (const auto profile = mapping.optional("profile")) profile_ = profile->text();
  }

  Problems problems_;
  std::int64_t interval_ = 0;
  std::string profile_;
};

TEST_F(StrictYamlTest, ReadsWhatIsRight) {
  read("interval: 3600\nprofile: server\n");
  EXPECT_TRUE(problems_.empty());
  EXPECT_EQ(interval_, 3600);
  EXPECT_EQ(profile_, "server");
}

TEST_F(StrictYamlTest, TellsEveryProblemAtOnceWithItsLine) {
  read("intervall: 3600\nprofil: server\n");
  EXPECT_EQ(problems_.to_error().message(),
            "agent.yaml:1: the key \"interval\" is missing\n"
            "agent.yaml:1: unknown key \"intervall\"; did you mean \"interval\"?\n"
            "agent.yaml:2: unknown key \"profil\"; did you mean \"profile\"?");
  EXPECT_EQ(problems_.to_error().code(), Code::kConfiguration);
}

TEST_F(StrictYamlTest, RefusesANumberThatIsNone) {
  read("interval: 1h\n");
  EXPECT_EQ(problems_.all().at(0), "agent.yaml:1: a whole number is expected here, not \"1h\"");
}

TEST_F(StrictYamlTest, RefusesAKeyThatIsThereTwice) {
  read("interval: 1\nprofile: pc\ninterval: 2\n");
  ASSERT_EQ(problems_.all().size(), 1U);
  EXPECT_EQ(problems_.all().at(0), "agent.yaml:3: the key \"interval\" is there twice");
}

TEST_F(StrictYamlTest, NamesTheLineThatIsNotYaml) {
  read("interval: 1\nprofile: [\n");
  ASSERT_FALSE(problems_.empty());
  EXPECT_TRUE(problems_.all().at(0).starts_with("agent.yaml:3:")) << problems_.all().at(0);
}

TEST_F(StrictYamlTest, RefusesAFileThatIsTooLarge) {
  read(std::string(kMaxFileBytes + 1, ' '));
  EXPECT_EQ(problems_.all().at(0), "agent.yaml:1: the file is over 8 MiB");
}

TEST_F(StrictYamlTest, SurvivesDeepNesting) {
  read(std::string(100'000, '['));
  EXPECT_FALSE(problems_.empty());
}

TEST(Nearest, FindsALikelyWordAndNoFarOne) {
  EXPECT_EQ(nearest("severty", {"severity", "title"}), "severity");
  EXPECT_EQ(nearest("colour", {"severity", "title"}), std::nullopt);
  EXPECT_EQ(nearest("x", {"id"}), std::nullopt);
}

}  // namespace
}  // namespace assay::checks::yaml
