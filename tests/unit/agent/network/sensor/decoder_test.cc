#include "agent/network/sensor/packet/decoder.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/network/sensor/frames.h"

namespace assay::agent::sensor {
namespace {

struct Decoded {
  Undecoded reason;
  Packet packet;
  std::string payload;
};

class DecoderTest : public ::testing::Test {
 protected:
  Decoded decode(std::string_view frame, LinkType link = LinkType::kEthernet) {
    Decoded made{};
    made.reason = decoder_.decode(bytes_of(frame), static_cast<std::uint32_t>(frame.size()), link,
                                  &made.packet);
    if (made.reason == Undecoded::kNone) made.payload = text_of(made.packet.payload);
    return made;
  }
  Decoder decoder_;
};

const std::string kSegment = ipv4("192.0.2.1", "192.0.2.2", 6, tcp(40000, 21, 7, kAck, "hello"));

TEST_F(DecoderTest, ReadsTcpOverIpv4OverEthernet) {
  const auto got = decode(ethernet(0x0800, kSegment));
  ASSERT_EQ(got.reason, Undecoded::kNone);
  EXPECT_EQ(to_text(got.packet.source), "192.0.2.1");
  EXPECT_EQ(to_text(got.packet.destination), "192.0.2.2");
  EXPECT_EQ(got.packet.source_port, 40000);
  EXPECT_EQ(got.packet.destination_port, 21);
  EXPECT_EQ(got.packet.sequence, 7U);
  EXPECT_EQ(got.packet.tcp_flags, kAck);
  EXPECT_EQ(got.packet.ip_bytes, 45U);
  EXPECT_EQ(got.payload, "hello");
}

TEST_F(DecoderTest, PaddingOfShortFramesIsNoPayload) {
  EXPECT_EQ(decode(ethernet(0x0800, kSegment + std::string(20, '\0'))).payload, "hello");
}

TEST_F(DecoderTest, ReadsEveryKindOfLink) {
  const std::string sll = std::string(14, '\0') + number16(0x0800) + kSegment;
  const std::string sll2 = number16(0x0800) + std::string(18, '\0') + kSegment;
  EXPECT_EQ(decode(sll, LinkType::kLinuxSll).payload, "hello");
  EXPECT_EQ(decode(sll2, LinkType::kLinuxSll2).payload, "hello");
  EXPECT_EQ(decode(kSegment, LinkType::kRaw).payload, "hello");
  EXPECT_EQ(decode(kSegment, LinkType::kIpv4).payload, "hello");
  EXPECT_EQ(decode(little32(2) + kSegment, LinkType::kNull).payload, "hello");
  EXPECT_EQ(decode(number32(2) + kSegment, LinkType::kNull).payload, "hello");
  EXPECT_EQ(decode(number32(2) + kSegment, LinkType::kLoop).payload, "hello");
  EXPECT_EQ(decode(kSegment, static_cast<LinkType>(147)).reason, Undecoded::kUnknownLink);
}

TEST_F(DecoderTest, ReadsOneAndTwoVlanTagsAndRefusesThree) {
  const auto one = decode(ethernet(0x0800, kSegment, vlan_tag(0x8100, 0xe00a)));
  EXPECT_EQ(one.packet.vlan, 10);
  EXPECT_EQ(one.packet.inner_vlan, 0);
  const auto two = decode(ethernet(0x0800, kSegment, vlan_tag(0x88a8, 100) + vlan_tag(0x8100, 20)));
  EXPECT_EQ(two.packet.vlan, 100);
  EXPECT_EQ(two.packet.inner_vlan, 20);
  EXPECT_EQ(two.payload, "hello");
  const auto three = vlan_tag(0x88a8, 1) + vlan_tag(0x8100, 2) + vlan_tag(0x8100, 3);
  EXPECT_EQ(decode(ethernet(0x0800, kSegment, three)).reason, Undecoded::kTooManyTags);
}

TEST_F(DecoderTest, PassesOverExtensionHeadersOfIpv6) {
  const std::string options = std::string("\x2b\x00", 2) + std::string(6, '\0');   // then routing
  const std::string routing = std::string("\x33\x01", 2) + std::string(14, '\0');  // then AH
  const std::string ah = std::string("\x06\x04", 2) + std::string(22, '\0');       // then TCP
  const auto body = options + routing + ah + tcp(1, 2, 0, kSyn, "x");
  const auto got = decode(ethernet(0x86dd, ipv6("2001:db8::1", "2001:db8::2", 0, body)));
  ASSERT_EQ(got.reason, Undecoded::kNone);
  EXPECT_EQ(got.packet.protocol, kTcp);
  EXPECT_EQ(got.packet.destination_port, 2);
  EXPECT_EQ(got.payload, "x");
}

TEST_F(DecoderTest, ElevenExtensionHeadersAreTooMany) {
  std::string body;
  for (int count = 0; count < 11; ++count)
    body += std::string("\x3c\x00", 2) + std::string(6, '\0');
  EXPECT_EQ(decode(ethernet(0x86dd, ipv6("::2", "::3", 60, body))).reason,
            Undecoded::kTooManyExtensions);
}

TEST_F(DecoderTest, PutsFragmentsTogetherInAnyOrder) {
  const auto whole = udp(5000, 53, std::string(2000, 'q'));
  const auto piece = [&](std::size_t at, std::size_t size, bool has_more) {
    return ethernet(0x0800, ipv4("192.0.2.1", "192.0.2.2", 17, whole.substr(at, size), 77,
                                 static_cast<unsigned>(at / 8) | (has_more ? 0x2000U : 0U)));
  };
  EXPECT_EQ(decode(piece(1600, 408, false)).reason, Undecoded::kFragment);
  EXPECT_EQ(decode(piece(0, 800, true)).reason, Undecoded::kFragment);
  const auto got = decode(piece(800, 800, true));
  ASSERT_EQ(got.reason, Undecoded::kNone);
  EXPECT_EQ(got.payload, std::string(2000, 'q'));
  EXPECT_EQ(got.packet.packets, 3U);
  EXPECT_EQ(got.packet.destination_port, 53);
  EXPECT_EQ(decoder_.fragments().waiting(), 0U);
}

TEST_F(DecoderTest, OverlappingFragmentsMakeTheDatagramVoid) {
  const auto whole = udp(5000, 53, std::string(1592, 'q'));
  const auto piece = [&](std::size_t at, std::size_t size, bool has_more) {
    return ethernet(0x0800, ipv4("192.0.2.1", "192.0.2.2", 17, whole.substr(at, size), 77,
                                 static_cast<unsigned>(at / 8) | (has_more ? 0x2000U : 0U)));
  };
  EXPECT_EQ(decode(piece(0, 800, true)).reason, Undecoded::kFragment);
  EXPECT_EQ(decode(piece(792, 808, false)).reason, Undecoded::kFragmentMalformed);
  EXPECT_EQ(decode(piece(800, 800, false)).reason, Undecoded::kFragmentMalformed);
}

TEST_F(DecoderTest, FragmentsThatNeverEndStayWithinTheirRoom) {
  const auto body = std::string(64, 'x');
  for (unsigned id = 0; id < 1000; ++id)
    EXPECT_EQ(decode(ethernet(0x0800, ipv4("192.0.2.1", "192.0.2.2", 17, body, id, 0x2000))).reason,
              Undecoded::kFragment);
  EXPECT_EQ(decoder_.fragments().waiting(), kMaxDatagrams);
  EXPECT_EQ(decoder_.fragments().given_up(), 1000 - kMaxDatagrams);
}

TEST_F(DecoderTest, PutsIpv6FragmentsTogether) {
  const auto whole = udp(5000, 53, std::string(100, 'q'));
  const auto piece = [&](std::size_t at, std::size_t size, bool has_more) {
    const auto head = std::string("\x11\x00", 2) +
                      number16(static_cast<unsigned>(at) | (has_more ? 1U : 0U)) + number32(9);
    return ethernet(0x86dd, ipv6("2001:db8::1", "2001:db8::2", 44, head + whole.substr(at, size)));
  };
  EXPECT_EQ(decode(piece(0, 64, true)).reason, Undecoded::kFragment);
  EXPECT_EQ(decode(piece(64, 44, false)).payload, std::string(100, 'q'));
}

TEST_F(DecoderTest, EveryPlaceToCutIsToldApart) {
  const auto frame = ethernet(0x0800, kSegment, vlan_tag(0x8100, 5));
  for (std::size_t size = 0; size < frame.size(); ++size) {
    const auto reason = decode(frame.substr(0, size)).reason;
    const auto expected = size < 18   ? Undecoded::kLinkCut
                          : size < 38 ? Undecoded::kIpCut
                          : size < 58 ? Undecoded::kTransportCut
                                      : Undecoded::kNone;
    EXPECT_EQ(reason, expected) << size;
  }
}

TEST_F(DecoderTest, HeadersThatContradictThemselvesAreMalformed) {
  auto short_header = kSegment;
  short_header[0] = '\x44';
  auto short_total = kSegment;
  short_total[3] = 10;
  auto short_offset = kSegment;
  short_offset[32] = '\x10';
  EXPECT_EQ(decode(ethernet(0x0800, short_header)).reason, Undecoded::kIpMalformed);
  EXPECT_EQ(decode(ethernet(0x0800, short_total)).reason, Undecoded::kIpMalformed);
  EXPECT_EQ(decode(ethernet(0x0800, short_offset)).reason, Undecoded::kTransportMalformed);
  EXPECT_EQ(decode(ethernet(0x88cc, "lldp")).reason, Undecoded::kOtherProtocol);
}

TEST_F(DecoderTest, ArpAndNeighbourDiscoveryNameTheirSender) {
  const auto arp = std::string("\x00\x01\x08\x00\x06\x04\x00\x01", 8) + "\x02\x11\x22\x33\x44\x55" +
                   wire_address("192.0.2.7") + std::string(6, '\0') + wire_address("192.0.2.1");
  const auto told = decode(ethernet(0x0806, arp));
  EXPECT_TRUE(told.packet.is_arp && told.packet.has_neighbour);
  EXPECT_EQ(to_text(told.packet.neighbour.address), "192.0.2.7");
  EXPECT_EQ(told.packet.neighbour.mac[5], 0x55);
  const auto advertisement = std::string("\x88\x00\x00\x00\x60\x00\x00\x00", 8) +
                             wire_address("2001:db8::9") + "\x02\x01\x02\x11\x22\x33\x44\x66";
  const auto shown = decode(ethernet(0x86dd, ipv6("fe80::1", "ff02::1", 58, advertisement)));
  EXPECT_TRUE(shown.packet.has_neighbour);
  EXPECT_EQ(to_text(shown.packet.neighbour.address), "2001:db8::9");
  EXPECT_EQ(shown.packet.neighbour.mac[5], 0x66);
}

}  // namespace
}  // namespace assay::agent::sensor
