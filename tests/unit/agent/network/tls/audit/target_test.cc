#include "agent/network/tls/audit/target.h"

#include <gtest/gtest.h>

namespace assay::agent::tls {
namespace {

Target target(std::string_view text) {
  auto parsed = target_from(text, "");
  EXPECT_TRUE(parsed.has_value()) << text;
  return parsed.value_or(Target{});
}

TEST(TlsTarget, IsANameOrAnAddressWithOrWithoutAPort) {
  EXPECT_EQ(target("www.example.tw"), (Target{"www.example.tw", 443, ""}));
  EXPECT_EQ(target("192.0.2.1:8443"), (Target{"192.0.2.1", 8443, ""}));
  EXPECT_EQ(target("[2001:db8::1]:993"), (Target{"2001:db8::1", 993, ""}));
  EXPECT_EQ(target("[2001:db8::1]"), (Target{"2001:db8::1", 443, ""}));
  EXPECT_EQ(target("2001:db8::1"), (Target{"2001:db8::1", 443, ""}));
}

TEST(TlsTarget, AnythingElseIsRefusedWithAReason) {
  for (const auto* text : {"", ":443", "host:", "host:0", "host:65536", "host:443x", "host:-1",
                           "a b", "-x", "host/path", "[host]:443", "[2001:db8::1",
                           "[2001:db8::1]443", "[2001:db8::1]:", "http://host"}) {
    const auto parsed = target_from(text, "");
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().code(), Code::kUsage) << text;
  }
  EXPECT_FALSE(target_from(std::string(254, 'a'), "").has_value());
}

TEST(TlsTarget, TheProtocolBeforeTlsMustBeKnown) {
  EXPECT_EQ(target_from("mx:25", "smtp").value().start_tls, "smtp");
  EXPECT_TRUE(target_from("mx:25", "auto").value().is_automatic);
  EXPECT_EQ(target_from("mx:25", "auto").value().start_tls, "");
  const auto unknown = target_from("mx:25", "gopher");
  ASSERT_FALSE(unknown.has_value());
  EXPECT_TRUE(unknown.error().message().contains("smtp, imap, pop3"));
}

}  // namespace
}  // namespace assay::agent::tls
