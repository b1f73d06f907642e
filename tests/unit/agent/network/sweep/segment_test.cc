#include "agent/network/sweep/wire/segment.h"

#include <gtest/gtest.h>

#include <array>
#include <span>

#include "agent/network/sensor/packet/bytes.h"

namespace assay::agent::sweep {
namespace {

Address address(std::string_view text) {
  return sensor::address_from(text).value();
}

TEST(SegmentTest, TheChecksumIsThatOfTheRfcsExample) {
  // RFC 1071 §3: the sum of these is ddf2, unfolded 2ddf0.
  const std::array<std::uint8_t, 8> bytes{0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7};
  EXPECT_EQ(checksum_add(0, bytes), 0x2ddf0U);
  EXPECT_EQ(checksum_fold(0x2ddf0), 0x220d);
  EXPECT_EQ(checksum_add(0, std::span(bytes).first(3)), 0x0001U + 0xf200U);
}

TEST(SegmentTest, ASynOfIpv4HasRightChecksums) {
  std::array<std::uint8_t, kMaxSynBytes> packet{};
  const SynTemplate syn(address("192.0.2.1"), 40'000, address("192.0.2.2"));
  for (const std::uint16_t port : std::array<std::uint16_t, 3>{1, 80, 65'535}) {
    ASSERT_EQ(syn.write(port, 0xfedcba98U - port, &packet), 44U);
    EXPECT_EQ(checksum_fold(checksum_add(0, std::span(packet).first(20))), 0);
    const auto pseudo = checksum_add(6 + 24, std::span(packet).subspan(12, 8));
    EXPECT_EQ(checksum_fold(checksum_add(pseudo, std::span(packet).subspan(20, 24))), 0);
    EXPECT_EQ(sensor::be16(&packet[20]), 40'000);
    EXPECT_EQ(sensor::be16(&packet[22]), port);
    EXPECT_EQ(packet[33], 0x02);
  }
}

TEST(SegmentTest, ASynOfIpv6HasARightChecksum) {
  std::array<std::uint8_t, kMaxSynBytes> packet{};
  const SynTemplate syn(address("2001:db8::1"), 40'000, address("2001:db8::2"));
  ASSERT_EQ(syn.write(443, 7, &packet), 64U);
  EXPECT_EQ(packet[0], 0x60);
  EXPECT_EQ(sensor::be16(&packet[4]), 24);
  const auto pseudo = checksum_add(6 + 24, std::span(packet).subspan(8, 32));
  EXPECT_EQ(checksum_fold(checksum_add(pseudo, std::span(packet).subspan(40, 24))), 0);
}

}  // namespace
}  // namespace assay::agent::sweep
