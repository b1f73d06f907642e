#include "agent/network/sweep/wire/answer.h"

#include <gtest/gtest.h>

#include <array>

#include "agent/network/sweep/wire/segment.h"

namespace assay::agent::sweep {
namespace {

using Packet = std::vector<std::uint8_t>;

Address address(std::string_view text) {
  return sensor::address_from(text).value();
}

// Our own SYN, as an ICMP error quotes it.
Packet syn(const Address& from, const Address& to, std::uint16_t port, std::uint32_t sequence) {
  std::array<std::uint8_t, kMaxSynBytes> room{};
  const auto size = SynTemplate(from, 40'000, to).write(port, sequence, &room);
  return {room.begin(), room.begin() + static_cast<std::ptrdiff_t>(size)};
}

// A TCP packet from `port` to ours with these flags, that acknowledges `acknowledged`.
Packet tcp(const char* from, const char* to, std::uint16_t port, std::uint8_t flags,
           std::uint32_t acknowledged) {
  const bool is_v4 = address(from).is_v4();
  auto packet = syn(address(from), address(to), 40'000, 0);
  auto* at = packet.data() + (is_v4 ? 20 : 40);
  at[0] = static_cast<std::uint8_t>(port >> 8U);
  at[1] = static_cast<std::uint8_t>(port);
  for (unsigned byte = 0; byte < 4; ++byte)
    at[8 + byte] = static_cast<std::uint8_t>(acknowledged >> (24 - 8 * byte));
  at[13] = flags;
  return packet;
}

TEST(AnswerTest, ASynAckIsAListener) {
  const auto answer = answer_from(tcp("192.0.2.2", "192.0.2.1", 22, 0x12, 1001));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->kind, AnswerKind::kAccepted);
  EXPECT_EQ(sensor::to_text(answer->target), "192.0.2.2");
  EXPECT_EQ(sensor::to_text(answer->source), "192.0.2.1");
  EXPECT_EQ(answer->target_port, 22);
  EXPECT_EQ(answer->source_port, 40'000);
  EXPECT_EQ(answer->sequence, 1000U);
}

TEST(AnswerTest, AResetIsNone) {
  const auto answer = answer_from(tcp("2001:db8::2", "2001:db8::1", 22, 0x14, 0));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->kind, AnswerKind::kReset);
  EXPECT_EQ(answer->sequence, 0xffffffffU);
  EXPECT_FALSE(answer_from(tcp("192.0.2.2", "192.0.2.1", 22, 0x04, 0))) << "acknowledges nothing";
  EXPECT_FALSE(answer_from(tcp("192.0.2.2", "192.0.2.1", 22, 0x02, 0))) << "a SYN of somebody";
  EXPECT_FALSE(answer_from(tcp("192.0.2.2", "192.0.2.1", 22, 0x10, 0))) << "a connection's";
}

TEST(AnswerTest, AnIcmpErrorTellsWhichProbeItIsAbout) {
  auto packet = tcp("192.0.2.254", "192.0.2.1", 0, 0, 0);
  packet.resize(20);
  packet[9] = 1;
  const Packet icmp{3, 13, 0, 0, 0, 0, 0, 0};
  packet.insert(packet.end(), icmp.begin(), icmp.end());
  const auto quoted = syn(address("192.0.2.1"), address("198.51.100.7"), 443, 77);
  packet.insert(packet.end(), quoted.begin(), quoted.begin() + 28);
  const auto answer = answer_from(packet);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->kind, AnswerKind::kRejected);
  EXPECT_EQ(sensor::to_text(answer->target), "198.51.100.7");
  EXPECT_EQ(sensor::to_text(answer->teller), "192.0.2.254");
  EXPECT_EQ(answer->target_port, 443);
  EXPECT_EQ(answer->source_port, 40'000);
  EXPECT_EQ(answer->sequence, 77U);
  packet[20] = 11;
  EXPECT_FALSE(answer_from(packet)) << "time exceeded is no answer";
}

TEST(AnswerTest, ExtensionHeadersAreSkippedAndBounded) {
  auto packet = tcp("2001:db8::2", "2001:db8::1", 22, 0x12, 1);
  for (int at = 0; at < 3; ++at) {
    const Packet extension{packet[6], 0, 0, 0, 0, 0, 0, 0};
    packet.insert(packet.begin() + 40, extension.begin(), extension.end());
    packet[6] = 60;
  }
  ASSERT_TRUE(answer_from(packet));
  EXPECT_EQ(answer_from(packet)->target_port, 22);
  packet[41] = 255;
  EXPECT_FALSE(answer_from(packet)) << "longer than the packet";
}

TEST(AnswerTest, APacketCutAnywhereIsNoAnswer) {
  for (const auto& whole : {tcp("192.0.2.2", "192.0.2.1", 22, 0x12, 1),
                            tcp("2001:db8::2", "2001:db8::1", 22, 0x12, 1)}) {
    const auto needed = whole.size() - 4;  // without options
    for (std::size_t size = 0; size < needed; ++size)
      EXPECT_FALSE(answer_from(Bytes(whole).first(size))) << size;
    EXPECT_TRUE(answer_from(Bytes(whole).first(needed)));
  }
  auto long_header = tcp("192.0.2.2", "192.0.2.1", 22, 0x12, 1);
  long_header[0] = 0x4f;
  EXPECT_FALSE(answer_from(long_header));
  auto fragment = tcp("192.0.2.2", "192.0.2.1", 22, 0x12, 1);
  fragment[7] = 1;
  EXPECT_FALSE(answer_from(fragment));
}

TEST(AnswerTest, TheCookedHeaderIsTakenOff) {
  Packet frame{0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0x08, 0x00};
  const auto packet = tcp("192.0.2.2", "192.0.2.1", 22, 0x12, 1);
  frame.insert(frame.end(), packet.begin(), packet.end());
  EXPECT_TRUE(answer_from_cooked(frame));
  frame[15] = 0x06;
  EXPECT_FALSE(answer_from_cooked(frame)) << "ARP";
  EXPECT_FALSE(answer_from_cooked(Bytes(frame).first(15)));
}

}  // namespace
}  // namespace assay::agent::sweep
