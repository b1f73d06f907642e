// What a server leaves open stays open: a no to somebody else, silence and a busy server are no
// answer.
#include "tests/unit/agent/network/services/played.h"

namespace assay::agent::services {
namespace {

using std::string_literals::operator""s;

// What is known of clear-text log-ins once USER of nobody got this reply.
std::optional<bool> clear_log_in(const std::string& reply) {
  auto first = play("ftp", {"220 FTP\r\n", "234 go\r\n"});
  return play(first.dialogue->follow_up(), {"220 FTP\r\n", reply + "\r\n"}).facts.cleartext_login;
}

TEST(ServiceDoubt, FtpSaysNoInClearOnlyWhereItNamesTheReason) {
  for (const auto* words :
       {"530 Non-anonymous sessions must use encryption.", "530 This FTP server is anonymous only.",
        "550 SSL/TLS required on the control channel", "534 Policy requires SSL.",
        "421 Sorry, cleartext sessions and weak ciphers are not accepted on this server.",
        "503 Use AUTH first."})
    EXPECT_EQ(clear_log_in(words), false) << words;
}

TEST(ServiceDoubt, FtpThatTurnsANameAwayMayTakeAnother) {
  for (const auto* words :
       {"530 Permission denied.", "530 Login incorrect.", "550 Access is denied.",
        "421 Too many connections, come back later.", "530 Not logged in."})
    EXPECT_EQ(clear_log_in(words), std::nullopt) << words;
}

TEST(ServiceDoubt, FtpThatIsBusyIsAskedAgain) {
  auto first = play("ftp", {"220 FTP\r\n", "234 go\r\n"});
  EXPECT_EQ(play(first.dialogue->follow_up(), {"421 Too many connections.\r\n"}).turn,
            Turn::kForeign);
  EXPECT_EQ(first.dialogue->facts.cleartext_login, std::nullopt);
}

// The answer to SMB 2's negotiation: dialect 3.0.2, signing not required.
std::string smb2_answer() {
  const auto body = "\xFESMB"s + std::string(60, '\0') + "\x41\0\x01\0\x02\x03\0\0"s;
  return "\0\0\0"s + static_cast<char>(body.size()) + body;
}

// The question for SMB 1 alone, to a server of SMB 2.
std::unique_ptr<Dialogue> ask_for_smb1() {
  auto both = play("smb", {smb2_answer()});
  return play(both.dialogue->follow_up(), {smb2_answer()}).dialogue->follow_up();
}

TEST(ServiceDoubt, SilenceAboutSmb1IsNoRefusal) {
  auto asked = ask_for_smb1();
  EXPECT_EQ(asked->end({}, Last::kGivenUp), Turn::kForeign);
  EXPECT_EQ(asked->facts.smb1, std::nullopt);
  EXPECT_EQ(asked->follow_up(), nullptr);
}

TEST(ServiceDoubt, HangingUpOnSmb1RefusesItWhereSmb2IsStillAnswered) {
  auto asked = ask_for_smb1();
  EXPECT_EQ(asked->end({}, Last::kHungUp), Turn::kDone);
  EXPECT_EQ(asked->facts.smb1, std::nullopt);
  EXPECT_EQ(play(asked->follow_up(), {smb2_answer()}).facts.smb1, false);
  auto again = asked->follow_up();
  EXPECT_EQ(again->end({}, Last::kHungUp), Turn::kForeign);
  EXPECT_EQ(again->facts.smb1, std::nullopt);
}

TEST(ServiceDoubt, SilenceToCommunitiesIsNoOnlyWhereTheyWereAsked) {
  const Options asking{.tries_communities = true};
  const auto discovered =
      "\x30\x13\x02\x01\x03\x30\x04\x02\x02\x41\x53\x04\0"
      "\x30\x06\x04\0\x04\0\xA8\0"s;
  Facts facts;
  EXPECT_TRUE(take_snmp(discovered, asking, &facts));
  EXPECT_EQ(facts.default_community, std::nullopt);  // more may come
  end_snmp({}, &facts);
  EXPECT_EQ(facts.default_community, std::nullopt);
  end_snmp(asking, &facts);
  EXPECT_EQ(facts.default_community, false);
  // What is asked twice and answered twice is told once.
  EXPECT_TRUE(take_snmp(discovered, asking, &facts));
  EXPECT_EQ(details(facts, "version"), std::vector<std::string>{"3"});
}

TEST(ServiceDoubt, RedisTakesItsPasswordAsItIsAsked) {
  const auto clear = [](const char* said, bool is_in_tls = false) {
    return play("redis", {said}, is_in_tls).facts.cleartext_login;
  };
  EXPECT_EQ(clear("-NOAUTH Authentication required.\r\n"), true);
  EXPECT_EQ(clear("-NOAUTH Authentication required.\r\n", true), false);
  EXPECT_EQ(clear("-DENIED Redis is running in protected mode\r\n"), false);
  EXPECT_EQ(clear("+PONG\r\n"), std::nullopt);
}

std::string ldap_message(const std::string& operation) {
  const auto inside = "\x02\x01\x01"s + operation;
  return "\x30"s + static_cast<char>(inside.size()) + inside;
}

// What LDAP takes in clear, by its answers to a bind without a name and to STARTTLS.
std::optional<bool> ldap_in_clear(char bind, char start_tls) {
  const auto result = [](char tag, char code) {
    return ldap_message(tag + "\x07\x0A\x01"s + code + "\x04\0\x04\0"s);
  };
  auto asked = play("ldap", {result('\x65', 0), result('\x61', bind)});
  return play(asked.dialogue->follow_up(), {result('\x78', start_tls)}).facts.cleartext_login;
}

TEST(ServiceDoubt, LdapWithoutTlsTakesABindInClearUnlessItSaysOtherwise) {
  constexpr char kUnavailable = 52;
  constexpr char kConfidentialityRequired = 13;
  EXPECT_EQ(ldap_in_clear(0, kUnavailable), true);
  EXPECT_EQ(ldap_in_clear(48, kUnavailable), true);
  EXPECT_EQ(ldap_in_clear(kConfidentialityRequired, 0), false);
  // Whether it demands the TLS that it has, nobody can tell before a log-in.
  EXPECT_EQ(ldap_in_clear(0, 0), std::nullopt);
}

TEST(ServiceDoubt, DatabasesWithoutTlsTakeLogInsWithoutIt) {
  const std::string refusal("E\0\0\0\x13SFATAL\0C0A000\0\0", 20);
  auto first = play("postgresql", {refusal});
  EXPECT_EQ(play(first.dialogue->follow_up(), {"N"}).facts.cleartext_login, true);
  EXPECT_EQ(play(first.dialogue->follow_up(), {"S"}).facts.cleartext_login, std::nullopt);
  EXPECT_EQ(play("postgresql", {refusal}, true).facts.cleartext_login, false);
  const auto mysql = [](char abilities, bool is_in_tls = false) {
    const auto packet =
        "\x0A"s + "8.0.36\0"s + std::string(13, 'x') + '\0' + abilities + std::string(20, '\0');
    return play("mysql", {std::string{static_cast<char>(packet.size()), 0, 0, 0} + packet},
                is_in_tls)
        .facts.cleartext_login;
  };
  EXPECT_EQ(mysql(0), true);
  EXPECT_EQ(mysql('\x08'), std::nullopt);
  EXPECT_EQ(mysql('\x08', true), false);
}

}  // namespace
}  // namespace assay::agent::services
