#include "agent/probes/linux/operations/settings/systemd_units.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

TEST(SystemdUnitsTest, BytesHaveUnitsOf1024) {
  EXPECT_EQ(parse_systemd_bytes("500M"), 500 * 1024 * 1024);
  EXPECT_EQ(parse_systemd_bytes(" 4G "), std::int64_t{4} << 30);
  EXPECT_EQ(parse_systemd_bytes("0"), 0);
  for (const auto* text : {"", "M", "-1", "10%", "9999999999999999999", "9000000000E", "1.5G"})
    EXPECT_EQ(parse_systemd_bytes(text), std::nullopt) << text;
}

TEST(SystemdUnitsTest, SpansAddUp) {
  EXPECT_EQ(parse_systemd_seconds("90"), 90);
  EXPECT_EQ(parse_systemd_seconds("1month"), 2'629'800);
  EXPECT_EQ(parse_systemd_seconds("2w 3d 4h"), (17 * 24 + 4) * 3600);
  EXPECT_EQ(parse_systemd_seconds("180day"), 180 * 86'400);
  EXPECT_EQ(parse_systemd_seconds("infinity"), 0);
  for (const auto* text : {"", "day", "1 fortnight", "-3", "99999999999999year", "1d x"})
    EXPECT_EQ(parse_systemd_seconds(text), std::nullopt) << text;
}

}  // namespace
}  // namespace assay::agent
