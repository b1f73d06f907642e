#include "agent/probes/linux/text/dates.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

TEST(DatesTest, DaysAreFoundInManyForms) {
  EXPECT_EQ(date_within("on 2026/11/20 at"), "2026-11-20");
  EXPECT_EQ(date_within("12026-11-20"), std::nullopt);
  EXPECT_EQ(date_within("2026-13-20"), std::nullopt);
  EXPECT_EQ(compact_date("20261120.003"), "2026-11-20");
  EXPECT_EQ(compact_date("2026112"), std::nullopt);
  EXPECT_EQ(date_of_milliseconds(0), std::nullopt);
}

}  // namespace
}  // namespace assay::agent
