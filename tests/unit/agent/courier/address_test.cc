#include <gtest/gtest.h>

#include "agent/courier/pinned_authority.h"

namespace assay::agent {
namespace {

TEST(Address, NamesAndAddressesOfBothKinds) {
  EXPECT_EQ(address_from("collector.example.tw:7443")->host, "collector.example.tw");
  EXPECT_EQ(address_from("127.0.0.1:7443")->port, "7443");
  EXPECT_EQ(address_from("[2001:db8::1]:7443")->host, "2001:db8::1");
}

TEST(Address, NothingElse) {
  for (const auto* text :
       {"", "host", "host:", ":7443", "host:http", "host:123456", "2001:db8::1:1"})
    EXPECT_EQ(address_from(text).error().code(), Code::kUsage) << text;
}

TEST(PinnedAuthority, NobodyThereIsUnavailable) {
  const auto found = fetch_authority({"127.0.0.1", "1"}, {}, std::chrono::seconds(2));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code(), Code::kUnavailable);
  EXPECT_NE(found.error().message().find("127.0.0.1:1"), std::string::npos);
}

}  // namespace
}  // namespace assay::agent
