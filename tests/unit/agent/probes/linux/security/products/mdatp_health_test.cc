#include "agent/probes/linux/security/products/mdatp_health.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

MdatpHealth health(std::string_view text) {
  const auto parsed = parse_mdatp_health(text);
  EXPECT_TRUE(parsed.has_value());
  return parsed.value_or(MdatpHealth{});
}

TEST(MdatpHealthTest, ReadsManagedAndPlainValues) {
  const auto found = health(R"({"appVersion":"101.25072.0003","definitionsVersion":"1.437.11.0",
    "definitionsUpdated":"1795162800000","orgId":"f1a2-org",
    "realTimeProtectionEnabled":{"source":"policy","value":true},"passiveModeEnabled":false})");
  EXPECT_EQ(found.version, "101.25072.0003");
  EXPECT_EQ(found.real_time, true);
  EXPECT_EQ(found.passive, false);
  EXPECT_EQ(found.definitions_date, "2026-11-20");
  EXPECT_EQ(found.organisation, "f1a2-org");
}

TEST(MdatpHealthTest, ATimeIsANumberATextOrWords) {
  EXPECT_EQ(health(R"({"definitionsUpdated":1795162800000})").definitions_date, "2026-11-20");
  EXPECT_EQ(health(R"({"definitionsUpdated":"Nov 9, 2026 at 12:27:36 PM"})").definitions_date,
            "2026-11-09");
  EXPECT_EQ(health(R"({"definitionsUpdated":"2026-11-08T01:02:03Z"})").definitions_date,
            "2026-11-08");
}

TEST(MdatpHealthTest, NonsenseIsNoDate) {
  for (const auto* value : {"\"Nov 31, 2026 at 1\"", "\"\"", "-1", "9e99", "true", "[]",
                            "99999999999999999", "\"9999999999999999999999\""})
    EXPECT_EQ(health(std::string("{\"definitionsUpdated\":") + value + "}").definitions_date, "")
        << value;
}

TEST(MdatpHealthTest, WhatIsNotSaidIsNotKnown) {
  const auto found = health("{}");
  EXPECT_EQ(found.real_time, std::nullopt);
  EXPECT_EQ(found.version, "");
}

TEST(MdatpHealthTest, RefusesWhatIsNoJson) {
  for (const auto* text : {"", "[]", "ATTENTION: No license found", "{\"a\":", "null"})
    EXPECT_FALSE(parse_mdatp_health(text).has_value()) << text;
}

TEST(MdatpHealthTest, TheLatestFullScanThatSucceededCounts) {
  EXPECT_EQ(parse_mdatp_scans(R"([
    {"type":"full","state":"succeeded","endTime":"1794000000000"},
    {"type":"full","state":"succeeded","endTime":"1795162800000"},
    {"type":"quick","state":"succeeded","endTime":"1795200000000"},
    {"type":"full","state":"cancelled","endTime":"1795200000000"}, 7])")
                .value_or("?"),
            "2026-11-20");
  EXPECT_EQ(parse_mdatp_scans("[]").value_or("?"), "");
  EXPECT_FALSE(parse_mdatp_scans("{}").has_value());
}

TEST(MdatpHealthTest, ThePolicyNamesItsLevel) {
  EXPECT_EQ(
      parse_mdatp_policy(R"({"antivirusEngine":{"enforcementLevel":"passive"}})").value_or(""),
      "passive");
  EXPECT_EQ(parse_mdatp_policy(R"({"cloudService":{}})").value_or("?"), "");
  EXPECT_EQ(parse_mdatp_policy(R"({"antivirusEngine":7})").value_or("?"), "");
}

}  // namespace
}  // namespace assay::agent
