#include "agent/settings/network_settings.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace assay::agent {
namespace {

TEST(NetworkTarget, IsAPlaceAndPerhapsAProtocol) {
  EXPECT_EQ(network_target_from("www.example.tw:443").value(),
            (NetworkTarget{"www.example.tw", 443, "auto"}));
  EXPECT_EQ(network_target_from("192.0.2.1:25 smtp").value(),
            (NetworkTarget{"192.0.2.1", 25, "smtp"}));
  EXPECT_EQ(network_target_from("[2001:db8::1]:993").value(),
            (NetworkTarget{"2001:db8::1", 993, "auto"}));
}

TEST(NetworkTarget, IsWrittenAsItIsRead) {
  for (const auto* text : {"www.example.tw:443", "192.0.2.1:25 smtp", "[2001:db8::1]:993 imap"})
    EXPECT_EQ(to_text(network_target_from(text).value()), text);
}

TEST(NetworkTarget, AnythingElseIsRefusedWithAReason) {
  for (const auto* text :
       {"", "www.example.tw", ":443", "a:0", "a:65536", "a:443x", "-a:443", "a b:443", "[a]:443",
        "2001:db8::1:443", "a:443 gopher", "a:443 ", "a:443  smtp", "http://a:80"}) {
    const auto target = network_target_from(text);
    ASSERT_FALSE(target.has_value()) << text;
    EXPECT_EQ(target.error().code(), Code::kConfiguration) << text;
  }
  EXPECT_FALSE(network_target_from(std::string(254, 'a') + ":443").has_value());
}

TEST(NetworkUse, IsOneOfThreeWords) {
  for (const auto use : {NetworkUse::kAuto, NetworkUse::kOn, NetworkUse::kOff})
    EXPECT_EQ(network_use_from(name_of(use)).value(), use);
  EXPECT_FALSE(network_use_from("yes").has_value());
}

}  // namespace
}  // namespace assay::agent
