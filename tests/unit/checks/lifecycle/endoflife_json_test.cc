#include "checks/lifecycle/endoflife_json.h"

#include <gtest/gtest.h>

namespace assay::checks::lifecycle {
namespace {

// An answer with one product whose releases are `releases`.
std::string answer(std::string_view releases, std::string_view category = "os") {
  return R"({"schema_version": "1.2.1", "generated_at": "2026-11-21T06:00:00Z", "total": 1, "result": [
    {"name": "tin", "label": "Tin OS", "category": ")" +
         std::string(category) + R"(", "aliases": [], "releases": [)" + std::string(releases) +
         "]}]}";
}

constexpr std::string_view kTwelve = R"({"name": "12", "codename": "Quick Fox",
  "releaseDate": "2023-06-10", "isLts": false, "ltsFrom": null, "isEoas": true,
  "eoasFrom": "2025-06-10", "isEol": false, "eolFrom": "2026-07-11", "isEoes": false,
  "eoesFrom": "2028-06-30", "isMaintained": true, "custom": null,
  "latest": {"name": "12.4", "date": "2026-01-02", "link": "https://example.test"}})";

std::string refusal(std::string_view text) {
  const auto cycles = parse_endoflife(text);
  return cycles ? "" : cycles.error().message();
}

TEST(EndoflifeJson, ADayIsTheLastSupportedOneInEveryColumn) {
  const auto cycles = parse_endoflife(answer(kTwelve));
  ASSERT_TRUE(cycles) << cycles.error().message();
  EXPECT_EQ(cycles->source, "endoflife.date");
  EXPECT_EQ(cycles->retrieved, "2026-11-21");
  ASSERT_EQ(cycles->products.size(), 1U);
  EXPECT_TRUE(cycles->products[0].is_system);
  ASSERT_EQ(cycles->products[0].cycles.size(), 1U);
  const auto& cycle = cycles->products[0].cycles[0];
  EXPECT_EQ(cycle.name, "12");
  EXPECT_EQ(cycle.codename, "quick");
  EXPECT_EQ(cycle.released, "2023-06-10");
  EXPECT_EQ(cycle.support_until, "2025-06-10");
  EXPECT_EQ(cycle.security_until, "2026-07-11");
  EXPECT_EQ(cycle.extended_until, "2028-06-30");
  EXPECT_EQ(cycle.latest, "12.4");
  EXPECT_TRUE(cycles->omissions.empty());
}

TEST(EndoflifeJson, ASingleProductIsReadLikeTheFullAnswer) {
  const auto cycles = parse_endoflife(
      R"({"generated_at": "2026-11-21T06:00:00Z", "last_modified": "2026-01-01T00:00:00Z",
          "result": {"name": "tin", "label": "Tin", "category": "lang", "releases": [
            {"name": "3", "isEol": false, "eolFrom": null, "latest": "3.1"}]}})");
  ASSERT_TRUE(cycles) << cycles.error().message();
  ASSERT_EQ(cycles->products.size(), 1U);
  EXPECT_FALSE(cycles->products[0].is_system);
  EXPECT_EQ(cycles->products[0].cycles[0].latest, "3.1");
  EXPECT_EQ(cycles->products[0].cycles[0].security_until, "");
}

TEST(EndoflifeJson, EndedWithoutADayIsLeftOut) {
  const auto cycles = parse_endoflife(
      answer(R"({"name": "2", "isEol": true, "eolFrom": null}, {"name": "1", "eolFrom": null})"));
  ASSERT_TRUE(cycles) << cycles.error().message();
  EXPECT_TRUE(cycles->products[0].cycles.empty());
  ASSERT_EQ(cycles->omissions.size(), 2U);
  EXPECT_EQ(cycles->omissions[0].why, Why::kEndedWithoutDay);
  EXPECT_EQ(cycles->omissions[1].why, Why::kNothingSaid);
}

// A host with 11.1 would else be judged as one with 11, which is supported.
TEST(EndoflifeJson, TheCycleThatWouldTakeInALeftOutOneIsLeftOutToo) {
  const auto cycles = parse_endoflife(
      answer(R"({"name": "11", "isEol": false}, {"name": "11.1", "isEol": true, "eolFrom": null},
                {"name": "1", "isEol": false})"));
  ASSERT_TRUE(cycles) << cycles.error().message();
  ASSERT_EQ(cycles->products[0].cycles.size(), 1U);
  EXPECT_EQ(cycles->products[0].cycles[0].name, "1");
  EXPECT_EQ(cycles->omissions.back().why, Why::kCoversOther);
}

TEST(EndoflifeJson, AnOpenEndedExtensionDoesNotCountAndIsSaid) {
  const auto cycles = parse_endoflife(answer(
      R"({"name": "3", "isEol": true, "eolFrom": "2026-01-01", "isEoes": false, "eoesFrom": null})"));
  ASSERT_TRUE(cycles) << cycles.error().message();
  ASSERT_EQ(cycles->products[0].cycles.size(), 1U);
  EXPECT_EQ(cycles->products[0].cycles[0].extended_until, "");
  ASSERT_EQ(cycles->omissions.size(), 1U);
  EXPECT_EQ(cycles->omissions[0].why, Why::kExtensionWithoutDay);
}

TEST(EndoflifeJson, AMistakeIsNamedWithItsPlace) {
  EXPECT_EQ(refusal(answer(R"({"name": "3", "isEol": true, "eolFrom": "2026-02-30"})")),
            "result[0].releases[0].eolFrom: a day (YYYY-MM-DD) is expected, not \"2026-02-30\"");
  EXPECT_EQ(refusal(answer(R"({"name": "3", "isEol": "no"})")),
            "result[0].releases[0].isEol: true or false is expected");
  EXPECT_EQ(refusal(answer(R"({"name": "a b", "isEol": true})")),
            "result[0].releases[0].name: a cycle's name is expected");
  EXPECT_EQ(refusal(R"({"result": [{"name": "x", "label": "X"}]})"),
            "result[0].releases: a list is expected (/products/full and /products/NAME have it)");
  EXPECT_EQ(refusal("{}"), "result: the answer has none");
  EXPECT_EQ(refusal(R"({"result": 3})"), "result: a product or a list of products is expected");
  EXPECT_NE(refusal("{\n  \"result\": [\n").find("line 3"), std::string::npos)
      << refusal("{\n  \"result\": [\n");
}

TEST(EndoflifeJson, TheOldApiIsNamed) {
  const auto old = parse_endoflife(R"([{"cycle": "12", "eol": "2026-07-11"}])");
  ASSERT_FALSE(old);
  EXPECT_EQ(old.error().code(), Code::kNotSupported);
  EXPECT_NE(old.error().message().find("version 0"), std::string::npos);
}

TEST(EndoflifeJson, DepthAndLengthAreBounded) {
  const auto deep = parse_endoflife(R"({"result":)" + std::string(10'000, '['));
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().code(), Code::kTooLarge);
  const auto large = parse_endoflife(std::string(kMaxAnswerBytes + 1, ' '));
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code(), Code::kTooLarge);
  EXPECT_EQ(refusal(answer(R"({"name": "3", "isEol": false, "latest": ")" + std::string(201, 'x') +
                           "\"}")),
            "result[0].releases[0].latest: longer than 200 bytes");
}

}  // namespace
}  // namespace assay::checks::lifecycle
