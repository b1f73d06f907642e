// The figures of RFC 8448, 3: a handshake of TLS 1.3 with TLS_AES_128_GCM_SHA256.
#include "agent/network/tls/handshake/key_schedule.h"

#include <gtest/gtest.h>

#include "agent/network/tls/handshake/record_protection.h"
#include "tests/unit/agent/network/tls/wire/octets.h"

namespace assay::agent::tls {
namespace {

const AeadSuite& suite() {
  return *find_aead_suite(0x1301);
}

TEST(KeySchedule, SecretsAreThoseOfTheStandardsExample) {
  const auto early = hkdf_extract(suite(), {}, {});
  EXPECT_EQ(early, octets("33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a"));
  const auto derived =
      expand_label(suite(), early, "derived", transcript_hash(suite(), {}), suite().hash_bytes);
  EXPECT_EQ(derived, octets("6f2615a108c702c5678f54fc9dbab69716c076189c48250cebeac3576c3611ba"));
  const auto shared = octets("8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d");
  EXPECT_EQ(hkdf_extract(suite(), derived, shared),
            octets("1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac"));
  KeySchedule schedule(suite(), {});
  EXPECT_EQ(schedule.derive("derived", transcript_hash(suite(), {})), derived);
  schedule.advance(shared);
  const auto hello_hash =
      octets("860c06edc07858ee8e78f0e7428c58edd6b43f2ca3e6e95f02ed063cf0e1cad8");
  EXPECT_EQ(schedule.derive("s hs traffic", hello_hash),
            octets("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38"));
}

TEST(KeySchedule, WithoutASecretNothingIsDerived) {
  EXPECT_TRUE(expand_label(suite(), {}, "key", {}, 16).empty());
  EXPECT_TRUE(finished_data(suite(), {}, "hash").empty());
}

TEST(RecordProtection, OpensWhatWasSealedOnceAndInOrder) {
  for (const auto& each : kAeadSuites) {
    const std::string secret(each.hash_bytes, 's');
    RecordProtection seals(each, secret);
    RecordProtection opens(each, secret);
    const auto first = seals.seal(kHandshakeRecord, "one");
    const auto second = seals.seal(kApplicationData, "two");
    ASSERT_TRUE(first && second);
    const auto record = [](const std::string& bytes) { return **next_record(bytes); };
    const auto opened = opens.open(record(*first));
    ASSERT_TRUE(opened.has_value());
    EXPECT_EQ(opened->type, kHandshakeRecord);
    EXPECT_EQ(opened->content, "one");
    EXPECT_EQ(opens.open(record(*second))->content, "two");
    EXPECT_FALSE(opens.open(record(*second)).has_value());
  }
}

TEST(RecordProtection, ABitThatWasTurnedIsSeen) {
  const std::string secret(32, 's');
  auto sealed = RecordProtection(suite(), secret).seal(kHandshakeRecord, "one");
  ASSERT_TRUE(sealed.has_value());
  sealed->back() = static_cast<char>(sealed->back() ^ 1);
  EXPECT_FALSE(RecordProtection(suite(), secret).open(**next_record(*sealed)).has_value());
  EXPECT_FALSE(RecordProtection(suite(), {}).open(**next_record(*sealed)).has_value());
}

}  // namespace
}  // namespace assay::agent::tls
