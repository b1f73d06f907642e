#include <gtest/gtest.h>

#include "agent/network/tls/wire/answer.h"
#include "tests/unit/agent/network/tls/wire/octets.h"

namespace assay::agent::tls {
namespace {

// SERVER-HELLO: no session, X.509, version 2, 2 bytes of certificate, 2 suites, 1 byte of
// connection.
const std::string kHello = octets("8014 04 00 01 0002 0002 0006 0001 3000 010080 0700c0 ff");

TEST(Ssl2Answer, ReadsSuitesAndCertificate) {
  const auto answer = parse_ssl2_answer(kHello);
  ASSERT_TRUE(answer.has_value()) << answer.error().message();
  EXPECT_TRUE(answer->is_complete);
  EXPECT_EQ(answer->suites, (std::vector<std::uint32_t>{0x010080, 0x0700C0}));
  EXPECT_EQ(answer->certificate, octets("3000"));
}

TEST(Ssl2Answer, WaitsForEveryByte) {
  for (std::size_t length = 0; length < kHello.size(); ++length) {
    const auto answer = parse_ssl2_answer(std::string_view(kHello).substr(0, length));
    ASSERT_TRUE(answer.has_value()) << length;
    EXPECT_FALSE(answer->is_complete) << length;
  }
}

TEST(Ssl2Answer, RefusesAnythingElse) {
  for (const auto* bytes : {"15 0301 0002 0246", "16", "8003 00 0001", "8014 01 00",
                            "8014 04 00 01 0301 0002 0006 0001 3000 010080 0700c0 ff",
                            "8014 04 00 01 0002 0002 0007 0000 3000 010080 0700c0 ff",
                            "8014 04 00 01 0002 ffff 0006 0001 3000 010080 0700c0 ff"}) {
    const auto answer = parse_ssl2_answer(octets(bytes));
    ASSERT_FALSE(answer.has_value()) << bytes;
    EXPECT_EQ(answer.error().code(), Code::kInvalidData);
  }
}

}  // namespace
}  // namespace assay::agent::tls
