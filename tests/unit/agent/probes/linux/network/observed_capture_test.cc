#include "agent/probes/linux/network/observed_capture.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

// Rules over what crosses the wire then do not apply; without the table they would be unknown.
TEST(ObservedCaptureTest, AScanHasTheTableAndNoRow) {
  MemoryHost host;
  const auto table = good(collect_observed_capture(host));
  EXPECT_EQ(table.header().table, "observed_capture");
  EXPECT_TRUE(table.rows().empty());
}

}  // namespace
}  // namespace assay::agent
