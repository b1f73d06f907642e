#include "agent/network/tls/connection/target_claim.h"

#include <gtest/gtest.h>

#include <optional>

namespace assay::agent::tls {
namespace {

TEST(TargetClaim, IsHeldByOneAtATime) {
  std::optional<TargetClaim> first(std::in_place);
  EXPECT_TRUE(first->take("192.0.2.1", 443));
  TargetClaim second;
  EXPECT_FALSE(second.take("192.0.2.1", 443));
  EXPECT_TRUE(second.take("192.0.2.1", 444));
  EXPECT_TRUE(TargetClaim().take("192.0.2.1", 443, "udp")) << "another endpoint";
  first.reset();
  EXPECT_TRUE(second.take("192.0.2.1", 443));
}

}  // namespace
}  // namespace assay::agent::tls
