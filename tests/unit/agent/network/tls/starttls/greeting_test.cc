#include "agent/network/tls/starttls/greeting.h"

#include <gtest/gtest.h>

#include <string>

#include "agent/network/tls/starttls/start_tls.h"
#include "agent/settings/network_settings.h"

namespace assay::agent::tls {
namespace {

using Names = std::vector<std::string_view>;

Names dialogues(std::string_view bytes) {
  const auto greeting = greeting_of(bytes);
  EXPECT_FALSE(greeting.is_tls) << bytes;
  return greeting.dialogues;
}

TEST(Greeting, AMailServerSaysWhichOneItIs) {
  EXPECT_EQ(dialogues("220 mail.example.tw ESMTP Postfix (Debian/GNU)\r\n"), Names{"smtp"});
  EXPECT_EQ(dialogues("220-mail.example.tw ESMTP"), Names{"smtp"});
  EXPECT_EQ(dialogues("* OK [CAPABILITY IMAP4rev1 STARTTLS] Dovecot ready.\r\n"), Names{"imap"});
  EXPECT_EQ(dialogues("+OK Dovecot ready.\r\n"), Names{"pop3"});
}

TEST(Greeting, TheSameCodeIsOfTwoProtocols) {
  EXPECT_EQ(dialogues("220 (vsFTPd 3.0.3)\r\n"), Names{"ftp"});
  EXPECT_EQ(dialogues("220 ready\r\n"), (Names{"smtp", "ftp"}));
  EXPECT_EQ(dialogues("421 come back later\r\n"), (Names{"smtp", "ftp"}));
}

TEST(Greeting, ADatabaseGreetsInBytes) {
  EXPECT_EQ(dialogues(std::string("\x4a\0\0\0\x0a"
                                  "8.0",
                                  8)),
            Names{"mysql"});
  EXPECT_EQ(dialogues(std::string("\x46\0\0\0\xff\x6a\x04Host", 11)), Names{"mysql"});
}

TEST(Greeting, TlsBeginsWithARecord) {
  EXPECT_TRUE(greeting_of(std::string("\x16\x03\x03\0\x40", 5)).is_tls);
  EXPECT_TRUE(greeting_of(std::string("\x15\x03\x01\0\x02", 5)).is_tls);
  EXPECT_FALSE(greeting_of(std::string("\x16\x02\x03\0\x40", 5)).is_tls);
}

TEST(Greeting, OthersAreNamedOrNot) {
  EXPECT_EQ(greeting_of("SSH-2.0-OpenSSH_9.2p1\r\n").other, "SSH");
  EXPECT_EQ(greeting_of("HTTP/1.1 400 Bad Request\r\n").other, "HTTP");
  EXPECT_EQ(greeting_of("RFB 003.008\n").other, "VNC");
  for (const std::string_view bytes : {"x", "hello", "22", "220x", "2200 mail", "\x16"}) {
    const auto greeting = greeting_of(bytes);
    EXPECT_TRUE(greeting.dialogues.empty() && greeting.other.empty() && !greeting.is_tls) << bytes;
  }
}

TEST(Greeting, LeadsToDialoguesThatThereAre) {
  for (const auto name : dialogues_of_the_silent()) EXPECT_NE(start_tls(name), nullptr) << name;
}

// The settings are read by a program that has no network code, and have a list of their own.
TEST(Greeting, TheSettingsKnowTheSameProtocols) {
  const auto written = network_protocols();
  const auto spoken = start_tls_protocols();
  ASSERT_EQ(written.size(), spoken.size() + 1);
  EXPECT_EQ(written.front(), "auto");
  EXPECT_TRUE(std::equal(spoken.begin(), spoken.end(), written.begin() + 1));
}

}  // namespace
}  // namespace assay::agent::tls
