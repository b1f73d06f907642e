#include <gtest/gtest.h>

#include "agent/probes/linux/hardening/sshd/sshd_keywords.h"

namespace assay::agent {
namespace {

std::string value(std::string_view keyword, std::vector<std::string> arguments,
                  std::string_view builtin = "a,b,c-cbc,d-cbc") {
  return sshd_value_text(*find_sshd_keyword(keyword), arguments, builtin).value.value_or("NULL");
}

TEST(SshdValues, WordsAreWrittenAsSshdPrintsThem) {
  EXPECT_EQ(value("passwordauthentication", {"True"}), "yes");
  EXPECT_EQ(value("permitrootlogin", {"without-password"}), "prohibit-password");
  EXPECT_EQ(value("compression", {"delayed"}), "yes");
  EXPECT_EQ(value("loglevel", {"verbose"}), "VERBOSE");
  EXPECT_EQ(value("chrootdirectory", {"/Srv/%u"}), "/Srv/%u");
}

TEST(SshdValues, TimesAreSeconds) {
  EXPECT_EQ(value("logingracetime", {"2m"}), "120");
  EXPECT_EQ(value("clientaliveinterval", {"1h30m5"}), "5405");
  EXPECT_EQ(value("logingracetime", {"99999999999999999999w"}), "2147483647");
  EXPECT_EQ(value("unusedconnectiontimeout", {"none"}), "none");
}

TEST(SshdValues, ALimitIsBytesAndSeconds) {
  EXPECT_EQ(value("rekeylimit", {"1g", "1h"}), "1073741824 3600");
  EXPECT_EQ(value("rekeylimit", {"default", "none"}), "0 0");
  EXPECT_EQ(value("rekeylimit", {"much"}), "much");
}

TEST(SshdValues, ListsAddToTakeFromAndComeBeforeTheBuiltInOne) {
  EXPECT_EQ(value("ciphers", {"x,y"}), "x,y");
  EXPECT_EQ(value("ciphers", {"+x,b"}), "a,b,c-cbc,d-cbc,x");
  EXPECT_EQ(value("ciphers", {"-*-cbc,a"}), "b");
  EXPECT_EQ(value("ciphers", {"^d-cbc,x"}), "d-cbc,x,a,b,c-cbc");
  EXPECT_EQ(value("ciphers", {"+x"}, ""), "NULL");
}

TEST(SshdValues, ArgumentsOfCommandsAreLeftOut) {
  EXPECT_EQ(value("forcecommand", {"/bin/backup", "--password", "canary"}), "/bin/backup");
  EXPECT_EQ(value("forcecommand", {"/bin/backup --password canary"}), "/bin/backup");
  EXPECT_EQ(value("forcecommand", {"internal-sftp", "-d", "/up"}), "internal-sftp -d /up");
  EXPECT_EQ(value("subsystem", {"sftp", "/usr/lib/sftp-server", "-l", "INFO"}),
            "sftp /usr/lib/sftp-server -l INFO");
  EXPECT_EQ(value("subsystem", {"own", "/bin/own", "canary"}), "own /bin/own");
  EXPECT_EQ(value("setenv", {"TOKEN=canary", "MODE=x"}), "TOKEN MODE");
}

TEST(SshdValues, OldNamesAreReadUnderTheNewOnes) {
  EXPECT_EQ(present_name("pubkeyacceptedkeytypes", 902), "pubkeyacceptedalgorithms");
  EXPECT_EQ(present_name("challengeresponseauthentication", 902), "kbdinteractiveauthentication");
  EXPECT_EQ(present_name("challengeresponseauthentication", 804),
            "challengeresponseauthentication");
  EXPECT_EQ(find_sshd_keyword("nosuchkeyword"), nullptr);
}

}  // namespace
}  // namespace assay::agent
