#include "checks/lifecycle/cycles.h"

#include <gtest/gtest.h>

#include "checks/engine/compiler.h"
#include "checks/lifecycle/cycles_yaml.h"

namespace assay::checks::lifecycle {
namespace {

Cycle cycle(std::string name, std::string security_until) {
  Cycle made;
  made.name = std::move(name);
  made.security_until = std::move(security_until);
  return made;
}

Cycles two_products() {
  Cycles cycles{"endoflife.date", "2026-11-21", {}, {}};
  cycles.products.push_back(
      {"tin",
       "Tin",
       false,
       {cycle("3", ""), cycle("2.1", "2011-01-01"), cycle("1", "2011-12-31")}});
  cycles.products.push_back({"lead", "Lead OS", true, {cycle("1", "1999-01-01")}});
  return cycles;
}

std::vector<std::string> names(const Product& product) {
  std::vector<std::string> out;
  for (const auto& one : product.cycles) out.push_back(one.name);
  return out;
}

TEST(Selection, OldCyclesGoButNotThoseOfSystems) {
  auto cycles = two_products();
  ASSERT_TRUE(select(&cycles, {{}, "2012-01-01"}));
  EXPECT_EQ(names(cycles.products[0]), std::vector<std::string>{"3"});
  EXPECT_EQ(names(cycles.products[1]), std::vector<std::string>{"1"});
  ASSERT_EQ(cycles.omissions.size(), 2U);
  EXPECT_EQ(cycles.omissions[0].why, Why::kEndedBefore);
}

TEST(Selection, ACycleThatEndedOnTheDayStays) {
  auto cycles = two_products();
  ASSERT_TRUE(select(&cycles, {{}, "2011-12-31"}));
  EXPECT_EQ(names(cycles.products[0]), (std::vector<std::string>{"3", "1"}));
}

TEST(Selection, AnOldCycleStaysWhereItsVersionsWouldBeTakenForAnother) {
  auto cycles = two_products();
  cycles.products[0].cycles[0].name = "2";
  ASSERT_TRUE(select(&cycles, {{}, "2012-01-01"}));
  EXPECT_EQ(names(cycles.products[0]), (std::vector<std::string>{"2", "2.1"}));
}

TEST(Selection, AProductThatIsNotThereIsNamedWithTheNearest) {
  auto cycles = two_products();
  const auto selected = select(&cycles, {{"leed"}, ""});
  ASSERT_FALSE(selected);
  EXPECT_EQ(selected.error().code(), Code::kUsage);
  EXPECT_EQ(selected.error().message(),
            "\"leed\" is no product of the source; did you mean \"lead\"?");
}

TEST(CyclesYaml, IsContentThatTheCompilerTakes) {
  auto cycles = two_products();
  cycles.products[0].label = "Tin\nrows: []";
  cycles.products[0].cycles[0].latest = "3.1 \"quoted\" \\ {x: 1} #";
  cycles.omissions.push_back({"tin", "0", Why::kEndedWithoutDay});
  const auto yaml = to_yaml(cycles, "Made for a test.");
  EXPECT_NE(yaml.find("# ended, but the source names no day: tin 0\n"), std::string::npos) << yaml;
  Compiler compiler;
  compiler.add(yaml, "eol.yaml");
  const auto content = std::move(compiler).finish();
  ASSERT_TRUE(content) << content.error().message();
  const auto& table = *content->references.at("eol_cycles").table;
  ASSERT_EQ(table.rows().size(), 4U);
  EXPECT_EQ(evidence::to_text(table.at(0, "latest")), "3.1 \"quoted\" \\ {x: 1} #");
  EXPECT_EQ(evidence::to_text(table.at(1, "security_until")), "2011-01-01");
  EXPECT_EQ(evidence::to_text(table.at(1, "source_date")), "2026-11-21");
}

TEST(CyclesYaml, SaysWhichProductsAFileHas) {
  const auto products = products_of(to_yaml(two_products(), "Test."), "eol.yaml");
  ASSERT_TRUE(products) << products.error().message();
  EXPECT_EQ(*products, (std::vector<std::string>{"tin", "lead"}));
  const auto other = products_of("table: denylist\nrows: []\n", "deny.yaml");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().message(), "deny.yaml:1: a file with `table: eol_cycles` is expected");
  EXPECT_FALSE(products_of("[]", "list.yaml"));
}

// How a company's own file refreshes what is shipped.
TEST(CyclesYaml, ALaterFileReplacesACycle) {
  auto cycles = two_products();
  Compiler compiler;
  compiler.add(to_yaml(cycles, "Shipped."), "a.yaml");
  cycles.source = "the company";
  cycles.products.resize(1);
  cycles.products[0].cycles = {cycle("3", "2030-01-01")};
  compiler.add(to_yaml(cycles, "Own."), "b.yaml");
  const auto content = std::move(compiler).finish();
  ASSERT_TRUE(content) << content.error().message();
  const auto& table = *content->references.at("eol_cycles").table;
  ASSERT_EQ(table.rows().size(), 4U);
  std::string found;
  for (std::size_t i = 0; i < table.rows().size(); ++i)
    if (evidence::to_text(table.at(i, "product")) == "tin" &&
        evidence::to_text(table.at(i, "cycle")) == "3")
      found += evidence::to_text(table.at(i, "security_until")) + " " +
               evidence::to_text(table.at(i, "source"));
  EXPECT_EQ(found, "2030-01-01 the company");
}

TEST(CyclesYaml, ACycleTwiceInOneFileIsAMistake) {
  auto cycles = two_products();
  cycles.products[1].cycles.push_back(cycle("1", "2000-01-01"));
  Compiler compiler;
  compiler.add(to_yaml(cycles, "Test."), "a.yaml");
  const auto content = std::move(compiler).finish();
  ASSERT_FALSE(content);
  EXPECT_NE(content.error().message().find("the cycle 1 of lead is in this file twice"),
            std::string::npos)
      << content.error().message();
}

}  // namespace
}  // namespace assay::checks::lifecycle
