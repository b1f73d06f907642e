#include "agent/settings/quantity.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

using std::chrono::seconds;

TEST(Quantity, DurationsAreReadInEveryUnit) {
  EXPECT_EQ(duration_from("90"), seconds(90));
  EXPECT_EQ(duration_from("90s"), seconds(90));
  EXPECT_EQ(duration_from("15m"), seconds(900));
  EXPECT_EQ(duration_from("1h"), seconds(3600));
  EXPECT_EQ(duration_from("7d"), seconds(604'800));
}

TEST(Quantity, SizesAreReadInEveryUnit) {
  EXPECT_EQ(bytes_from("65536"), 65536);
  EXPECT_EQ(bytes_from("64KiB"), 65536);
  EXPECT_EQ(bytes_from("512MiB"), std::int64_t{512} << 20);
  EXPECT_EQ(bytes_from("2GiB"), std::int64_t{2} << 30);
}

TEST(Quantity, NothingElseIsUnderstood) {
  for (const auto* text : {"", "-1", "1 h", "1H", "h", "1.5h", "1h30m", "99999999999999999999",
                           "9223372036854775807d"})
    EXPECT_EQ(duration_from(text).error().code(), Code::kConfiguration) << text;
  EXPECT_FALSE(bytes_from("512MB"));
}

TEST(Quantity, IsWrittenAsItIsRead) {
  for (const auto* text : {"90s", "15m", "1h", "7d"})
    EXPECT_EQ(to_text(duration_from(text).value()), text);
  for (const auto* text : {"0", "1000", "64KiB", "512MiB", "3GiB"})
    EXPECT_EQ(bytes_to_text(bytes_from(text).value()), text);
}

}  // namespace
}  // namespace assay::agent
