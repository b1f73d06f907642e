#include "evidence/timestamp.h"

#include <gtest/gtest.h>

namespace assay::evidence {
namespace {

TEST(Timestamp, IsWrittenAsRfc3339InUtc) {
  EXPECT_EQ(to_timestamp(Seconds(std::chrono::seconds(0))), "1970-01-01T00:00:00Z");
  EXPECT_EQ(to_timestamp(Seconds(std::chrono::seconds(1795222923))), "2026-11-21T01:02:03Z");
  EXPECT_EQ(to_timestamp(Seconds(std::chrono::seconds(-1))), "1969-12-31T23:59:59Z");
}

TEST(Timestamp, ReadsWhatItWrote) {
  for (const std::int64_t second : {0LL, 951782400LL, 1795222923LL, 4102444799LL, -86401LL}) {
    const Seconds time{std::chrono::seconds(second)};
    EXPECT_EQ(from_timestamp(to_timestamp(time)).value(), time);
  }
}

TEST(Timestamp, RefusesEveryOtherForm) {
  for (const char* text :
       {"", "2026-11-21", "2026-11-21T01:02:03", "2026-11-21 01:02:03Z", "2026-11-21T01:02:03z",
        "2026-11-21T01:02:03+08:00", "2026-11-21T24:00:00Z", "2026-11-21T01:60:00Z",
        "2026-11-21T01:02:60Z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-11-21T01:02:03.5Z", "-026-11-21T01:02:03Z", "2026-11-2 T01:02:03Z"})
    EXPECT_FALSE(is_timestamp(text)) << text;
}

TEST(Timestamp, ADateIsMidnightOfARealDay) {
  EXPECT_EQ(to_timestamp(from_date("2024-02-29").value()), "2024-02-29T00:00:00Z");
  EXPECT_FALSE(from_date("2023-02-29"));
  EXPECT_FALSE(from_date("2023-2-9"));
  EXPECT_FALSE(from_date("2023-00-10"));
}

}  // namespace
}  // namespace assay::evidence
