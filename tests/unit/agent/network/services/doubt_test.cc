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
  const auto discovered = "\x30\x08\x02\x01\x03\x30\x03\x02\x01\x01"s;
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

}  // namespace
}  // namespace assay::agent::services
