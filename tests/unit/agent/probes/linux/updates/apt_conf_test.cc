#include "agent/probes/linux/updates/apt/apt_conf.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/memory_host.h"

namespace assay::agent {
namespace {

std::string value(std::string_view text, std::string_view name) {
  AptConf conf;
  if (const auto added = conf.add(text, "f"); !added) return added.error().message();
  const auto* found = conf.find(name);
  return found == nullptr ? "not set" : found->value;
}

std::string failure(std::string_view text) {
  AptConf conf;
  const auto added = conf.add(text, "f");
  return added ? "no failure" : added.error().message();
}

TEST(AptConfTest, BothWaysOfWritingNameTheSameSetting) {
  constexpr auto kName = "APT::Periodic::Update-Package-Lists";
  EXPECT_EQ(value("APT::Periodic::Update-Package-Lists \"1\";", kName), "1");
  EXPECT_EQ(value("APT\n{\n Periodic { Update-Package-Lists \"7\"; };\n};\n", kName), "7");
}

TEST(AptConfTest, NamesAreOfAnyCase) {
  EXPECT_EQ(value("apt::periodic::ENABLE \"0\";", "APT::Periodic::Enable"), "0");
}

TEST(AptConfTest, TheLaterOfTwoWins) {
  EXPECT_EQ(value("A::B \"1\"; A::B \"2\";", "A::B"), "2");
}

TEST(AptConfTest, WhatIsClearedIsNotSet) {
  EXPECT_EQ(value("A::B \"1\"; A::B::C \"2\"; #clear A::B;", "A::B::C"), "not set");
}

TEST(AptConfTest, CommentsOfEveryKindAreSkipped) {
  EXPECT_EQ(value("// A \"1\";\n# A \"2\";\n/* A \"3\";\n */ A \"4\"; // \"5\"\n", "A"), "4");
}

TEST(AptConfTest, SlashesInQuotesAreNoComment) {
  EXPECT_EQ(value("Acquire::http::Proxy \"http://proxy:3128/\";", "Acquire::http::Proxy"),
            "http://proxy:3128/");
}

TEST(AptConfTest, ListsKeepTheirItemsInOrder) {
  AptConf conf;
  ASSERT_TRUE(conf.add("U::Origins { \"a\"; \"b\"; };\nU::Origins:: \"c\";\n", "f").has_value());
  const auto items = conf.items("U::Origins");
  ASSERT_EQ(items.size(), 3U);
  EXPECT_EQ(items[0]->value + items[1]->value + items[2]->value, "abc");
  EXPECT_EQ(items[2]->line, 2);
}

TEST(AptConfTest, AValueMayPrecedeABlock) {
  EXPECT_EQ(value("A \"1\" { B \"2\"; };", "A"), "1");
  EXPECT_EQ(value("A \"1\" { B \"2\"; };", "A::B"), "2");
}

TEST(AptConfTest, WhatIsCutShortIsRefusedWithItsLine) {
  EXPECT_EQ(failure("A {\n"), "line 2: a { without its }");
  EXPECT_EQ(failure("}"), "line 1: a } without its {");
  EXPECT_EQ(failure("A \"1"), "line 1: a quote without its end");
  EXPECT_EQ(failure("\nA b"), "line 2: the file ends within a statement");
  EXPECT_EQ(failure("/* x"), "line 1: a comment without its end");
}

TEST(AptConfTest, BlocksThatAreTooDeepAreRefused) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "a {";
  EXPECT_EQ(failure(text), "blocks too deep");
}

TEST(AptConfTest, AnIncludeIsNotSilentlyPassedOver) {
  EXPECT_EQ(failure("#include \"/x\";"), "line 1: #include is not followed");
}

TEST(AptConfTest, TheMainFileIsReadAfterTheParts) {
  MemoryHost host;
  host.files = {{"/etc/apt/apt.conf", "A \"main\";"},
                {"/etc/apt/apt.conf.d/10x", "A \"part\"; B \"part\";"},
                {"/etc/apt/apt.conf.d/20x.dpkg-old", "B \"old\";"}};
  const auto conf = AptConf::load(host);
  ASSERT_TRUE(conf.has_value());
  EXPECT_EQ(conf->find("a")->value, "main");
  EXPECT_EQ(conf->find("b")->value, "part");
}

TEST(AptConfTest, AptKnowsManyWordsForYes) {
  for (const auto* yes : {"yes", "true", "On", "1", "enable"}) EXPECT_EQ(apt_flag(yes), true);
  for (const auto* no : {"no", "False", "off", "0", "without"}) EXPECT_EQ(apt_flag(no), false);
  EXPECT_EQ(apt_flag("maybe"), std::nullopt);
}

}  // namespace
}  // namespace assay::agent
