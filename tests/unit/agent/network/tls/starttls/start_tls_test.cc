#include "agent/network/tls/starttls/start_tls.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/network/tls/wire/octets.h"

namespace assay::agent::tls {
namespace {

struct Said {
  std::string word;  // more, ready, refused, foreign or away
  std::string sent;
  std::string left;
};

Said talk(StartTls& dialogue, std::string received) {
  Said said;
  const auto turn = dialogue.take(received, said.sent);
  said.left = received;
  if (!turn)
    said.word = turn.error().code() == Code::kInvalidData ? "foreign" : "away";
  else
    said.word = *turn == Turn::kMore ? "more" : *turn == Turn::kReady ? "ready" : "refused";
  return said;
}

// What a fresh dialogue makes of each of these, one after the other.
std::string words(std::string_view protocol, const std::vector<std::string>& received) {
  const auto dialogue = start_tls(protocol);
  (void)dialogue->opening();  // sent first by some, and answered in `received`
  std::string out;
  for (const auto& bytes : received) {
    if (!out.empty()) out += ' ';
    out += talk(*dialogue, bytes).word;
  }
  return out;
}

TEST(StartTls, EveryListedProtocolHasADialogue) {
  EXPECT_EQ(start_tls_protocols().size(), 8U);
  for (const auto name : start_tls_protocols()) EXPECT_NE(start_tls(name), nullptr) << name;
  EXPECT_EQ(start_tls("gopher"), nullptr);
}

TEST(StartTls, SmtpAsksOnlyWhereItIsOffered) {
  EXPECT_EQ(words("smtp", {"220 mx.example.tw ESMTP\r\n", "250-mx\r\n250-starttls\r\n250 OK\r\n",
                           "220 go ahead\r\n"}),
            "more more ready");
  EXPECT_EQ(words("smtp", {"220 mx\r\n", "250-mx\r\n250 SIZE\r\n"}), "more refused");
  EXPECT_EQ(words("smtp", {"220 mx\r\n", "250-mx\r\n250 STARTTLS\r\n", "502 no\r\n"}),
            "more more refused");
  EXPECT_EQ(words("smtp", {"554 no SMTP service here\r\n"}), "away");
  EXPECT_EQ(words("smtp", {"SSH-2.0-OpenSSH\r\n"}), "foreign");
  EXPECT_EQ(words("smtp", {std::string(9000, 'x')}), "foreign");
}

TEST(StartTls, SmtpSendsOneCommandAtATime) {
  const auto dialogue = start_tls("smtp");
  EXPECT_EQ(talk(*dialogue, "220 mx\r\n").sent, "EHLO assay-scanner.invalid\r\n");
  EXPECT_EQ(talk(*dialogue, "250 STARTTLS\r\n").sent, "STARTTLS\r\n");
}

// Whoever owns the connection throws it away: it stands in clear.
TEST(StartTls, WhatComesBehindTheDialogueIsNoneOfIts) {
  const auto dialogue = start_tls("pop3");
  EXPECT_EQ(talk(*dialogue, "+OK ready\r\n").sent, "STLS\r\n");
  const auto last = talk(*dialogue, "+OK begin\r\n\x16\x03");
  EXPECT_EQ(last.word, "ready");
  EXPECT_EQ(last.left, "\x16\x03");
}

TEST(StartTls, WhatComesBehindItDoesNotChangeTheAnswer) {
  const auto greeting = octets("0a") + "8.0.36" + octets("00 01000000 0102030405060708 00 ffff 2d");
  const std::vector<std::pair<std::string, std::string>> last = {
      {"ldap", octets("30 0c 02 01 01 78 07 0a 01 00 04 00 04 00")},
      {"postgresql", "S"},
      {"mysql", std::string{static_cast<char>(greeting.size()), '\0', '\0', '\0'} + greeting},
      {"rdp", octets("03 00 00 13 0e d0 00 00 12 34 00 02 00 08 00 01 00 00 00")}};
  for (const auto& [protocol, yes] : last)
    for (const auto& more : {std::string(200, '\x16'), yes, std::string(1, '\0')}) {
      const auto said = talk(*start_tls(protocol), yes + more);
      EXPECT_EQ(said.word, "ready") << protocol;
      EXPECT_EQ(said.left, more) << protocol;
    }
}

TEST(StartTls, ImapAndPop3) {
  EXPECT_EQ(words("imap", {"* OK ready\r\n", "* CAPABILITY X\r\na1 ok begin\r\n"}), "more ready");
  EXPECT_EQ(words("imap", {"* OK ready\r\n", "a1 BAD no TLS\r\n"}), "more refused");
  EXPECT_EQ(words("imap", {"* BYE too many\r\n"}), "away");
  EXPECT_EQ(words("imap", {"220 ftp\r\n"}), "foreign");
  EXPECT_EQ(words("pop3", {"+OK\r\n", "-ERR unknown\r\n"}), "more refused");
  EXPECT_EQ(words("pop3", {"-ERR busy\r\n"}), "away");
  EXPECT_EQ(words("pop3", {"* OK IMAP\r\n"}), "foreign");
}

TEST(StartTls, FtpReadsAGreetingOfSeveralLines) {
  EXPECT_EQ(words("ftp", {"220-Welcome\r\n  anything\r\n220 ready\r\n", "234 AUTH TLS\r\n"}),
            "more ready");
  EXPECT_EQ(words("ftp", {"220 ready\r\n", "530 Please login\r\n"}), "more refused");
  EXPECT_EQ(words("ftp", {"421 too many\r\n"}), "away");
  EXPECT_EQ(words("ftp", {"+OK pop\r\n"}), "foreign");
}

// Neither yes nor no: it may be answered another time.
TEST(StartTls, BeingToldToComeAgainIsNoRefusal) {
  EXPECT_EQ(words("smtp", {"220 mx\r\n", "250-mx\r\n250 STARTTLS\r\n", "454 not now\r\n"}),
            "more more away");
  EXPECT_EQ(words("smtp", {"220 mx\r\n", "421 too many\r\n"}), "more away");
  EXPECT_EQ(words("ftp", {"220 ready\r\n", "421 timeout\r\n"}), "more away");
  EXPECT_EQ(words("imap", {"* OK ready\r\n", "* BYE going down\r\n"}), "more away");
  EXPECT_EQ(words("ldap", {octets("30 0c 02 01 01 78 07 0a 01 33 04 00 04 00")}), "away");
}

// RFC 4511 4.12 and 4.14, laid out by hand.
TEST(StartTls, Ldap) {
  EXPECT_EQ(start_tls("ldap")->opening(),
            octets("30 1d 02 01 01 77 18 80 16") + "1.3.6.1.4.1.1466.20037");
  const auto response = [](std::string_view result) {
    return octets("30 0c 02 01 01 78 07 0a 01") + octets(result) + octets("04 00 04 00");
  };
  EXPECT_EQ(words("ldap", {response("00")}), "ready");
  EXPECT_EQ(words("ldap", {response("02")}), "refused");
  EXPECT_EQ(words("ldap", {response("00").substr(0, 9)}), "more");
  EXPECT_EQ(words("ldap", {octets("30 84 ff ff ff ff 02 01")}), "foreign");
  EXPECT_EQ(words("ldap", {"HTTP/1.1"}), "foreign");
}

TEST(StartTls, Postgresql) {
  EXPECT_EQ(start_tls("postgresql")->opening(), octets("00000008 04d2162f"));
  EXPECT_EQ(words("postgresql", {"S"}), "ready");
  EXPECT_EQ(words("postgresql", {"N"}), "refused");
  EXPECT_EQ(words("postgresql", {"ESFATAL"}), "away");  // it could not start a process
  EXPECT_EQ(words("postgresql", {"", "H"}), "more foreign");
}

TEST(StartTls, MysqlLooksAtWhatTheServerCan) {
  const auto greeting = [](std::string_view abilities) {
    const auto packet = octets("0a") + "8.0.36" + octets("00 01000000 0102030405060708 00") +
                        octets(abilities) + octets("2d 0200");
    return std::string{static_cast<char>(packet.size()), '\0', '\0', '\0'} + packet;
  };
  EXPECT_EQ(words("mysql", {greeting("ff ff")}), "ready");
  EXPECT_EQ(words("mysql", {greeting("ff f7")}), "refused");
  EXPECT_EQ(words("mysql", {greeting("ff ff").substr(0, 20)}), "more");
  EXPECT_EQ(words("mysql", {octets("0a 00 00 00 ff 6a 04 48 6f 73 74 20 27 2e")}), "away");
  EXPECT_EQ(words("mysql", {octets("48 54 54 50 2f 31")}), "foreign");
  const auto dialogue = start_tls("mysql");
  EXPECT_EQ(talk(*dialogue, greeting("ff ff")).sent.size(), 36U);
}

// [MS-RDPBCGR] 4.1.2: the server's confirmation in the annotated example, with TLS chosen.
TEST(StartTls, Rdp) {
  EXPECT_EQ(start_tls("rdp")->opening().size(), 19U);
  EXPECT_EQ(words("rdp", {octets("03 00 00 13 0e d0 00 00 12 34 00 02 00 08 00 01 00 00 00")}),
            "ready");
  EXPECT_EQ(words("rdp", {octets("03 00 00 13 0e d0 00 00 12 34 00 03 00 08 00 02 00 00 00")}),
            "refused");
  EXPECT_EQ(words("rdp", {octets("03 00 00 0b 06 d0 00 00 12 34 00")}), "refused");
  EXPECT_EQ(words("rdp", {octets("03 00 00")}), "more");
  EXPECT_EQ(words("rdp", {octets("03 00 ff ff")}), "foreign");
  EXPECT_EQ(words("rdp", {"RFB 003.008\n"}), "foreign");
}

}  // namespace
}  // namespace assay::agent::tls
