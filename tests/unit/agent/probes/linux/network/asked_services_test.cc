#include "agent/probes/linux/network/asked_services.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

// Rules over what services speak then do not apply; without the table they would be unknown.
TEST(AskedServicesTest, AScanHasTheTableAndNoRow) {
  MemoryHost host;
  const auto table = good(collect_asked_services(host));
  EXPECT_EQ(table.header().table, "services");
  EXPECT_TRUE(table.rows().empty());
}

}  // namespace
}  // namespace assay::agent
