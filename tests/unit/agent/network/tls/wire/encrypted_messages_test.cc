#include "agent/network/tls/wire/encrypted_messages.h"

#include <gtest/gtest.h>

#include "agent/network/tls/wire/answer.h"
#include "tests/unit/agent/network/tls/wire/octets.h"

namespace assay::agent::tls {
namespace {

TEST(EncryptedMessages, TheApplicationProtocolIsRead) {
  EXPECT_EQ(*parse_encrypted_extensions(octets("0009 0010 0005 0003 02 6832")), "h2");
  EXPECT_EQ(*parse_encrypted_extensions(octets("0000")), "");
  EXPECT_FALSE(parse_encrypted_extensions(octets("0004 0010 0005")).has_value());
  EXPECT_FALSE(parse_encrypted_extensions(octets("0000 00")).has_value());
  EXPECT_FALSE(parse_encrypted_extensions({}).has_value());
}

TEST(EncryptedMessages, AChainWithAStapledResponseIsRead) {
  const auto entries = parse_certificate_entries(
      octets("00 000016 000002 aabb 0009 0005 0005 01 000001 77 000001 cc 0000"));
  ASSERT_TRUE(entries.has_value()) << entries.error().message();
  EXPECT_EQ(entries->chain, (std::vector<std::string>{"\xAA\xBB", "\xCC"}));
  EXPECT_EQ(entries->status, "w");
}

TEST(EncryptedMessages, AChainThatBreaksOffOrIsTooLongIsRefused) {
  EXPECT_FALSE(parse_certificate_entries(octets("00 000003 000002 aa")).has_value());
  EXPECT_FALSE(parse_certificate_entries(octets("00 000006 000002 aabb 00")).has_value());
  EXPECT_FALSE(parse_certificate_entries(octets("00 000001")).has_value());
  std::string many;
  for (std::size_t i = 0; i <= kMaxChainCertificates; ++i) many += octets("000001 aa 0000");
  std::string body = octets("00 0000");
  body += static_cast<char>(many.size());
  const auto parsed = parse_certificate_entries(body + many);
  ASSERT_FALSE(parsed.has_value());
  EXPECT_EQ(parsed.error().code(), Code::kTooLarge);
}

TEST(EncryptedMessages, ARequestGivesItsContext) {
  EXPECT_EQ(*parse_certificate_request(octets("01 41 0000")), "A");
  EXPECT_FALSE(parse_certificate_request(octets("01 41 0001")).has_value());
}

TEST(EncryptedMessages, ATicketIsReadAndAVeryLongOneLeftOut) {
  const auto ticket =
      parse_new_session_ticket(octets("00001c20 01020304 02 0001 0003 616263 0000"));
  ASSERT_TRUE(ticket.has_value());
  EXPECT_EQ(ticket->age_add, 0x01020304U);
  EXPECT_EQ(ticket->nonce, std::string("\0\1", 2));
  EXPECT_EQ(ticket->ticket, "abc");
  auto body = octets("00001c20 01020304 00 ffff");
  body.append(0xFFFF, 'x').append(2, '\0');
  const auto long_one = parse_new_session_ticket(body);
  ASSERT_TRUE(long_one.has_value());
  EXPECT_TRUE(long_one->ticket.empty());
  EXPECT_FALSE(parse_new_session_ticket(octets("00001c20 01020304 00 0003 61")).has_value());
}

}  // namespace
}  // namespace assay::agent::tls
