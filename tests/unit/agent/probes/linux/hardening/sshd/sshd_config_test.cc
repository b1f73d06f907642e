#include "agent/probes/linux/hardening/sshd/sshd_config.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

constexpr const char* kMain = "/etc/ssh/sshd_config";

class SshdConfigTest : public testing::Test {
 protected:
  SshdConfigTest() { host_.files["/usr/sbin/sshd"] = "OpenSSH_9.2p1"; }

  void write(const std::string& path, const std::string& text) { host_.files[path] = text; }

  // "value@source:line match" of each row of the keyword, joined by "; ".
  std::string rows(std::string_view keyword) {
    const auto table = good(collect_sshd_config(host_));
    std::string all;
    for (std::size_t i = 0; i < table.rows().size(); ++i) {
      if (row(table, i, {"keyword"}) != keyword) continue;
      if (!all.empty()) all += "; ";
      all += row(table, i, {"value"});
      if (row(table, i, {"origin"}) == "configured")
        all += "@" + row(table, i, {"source"}) + ":" + row(table, i, {"line"});
      if (row(table, i, {"match"}) != "NULL") all += " [" + row(table, i, {"match"}) + "]";
    }
    return all;
  }

  Code failure() {
    const auto table = collect_sshd_config(host_);
    return table ? Code::kInternal : table.error().code();
  }

  MemoryHost host_;
};

TEST_F(SshdConfigTest, TheFirstValueWins) {
  write(kMain, "PermitRootLogin no\nPermitRootLogin yes\n");
  EXPECT_EQ(rows("permitrootlogin"), "no@/etc/ssh/sshd_config:1");
}

TEST_F(SshdConfigTest, WhatNoFileSaysHasTheDefaultOfItsVersion) {
  write(kMain, "UsePAM yes\n");
  EXPECT_EQ(rows("permitrootlogin"), "prohibit-password");
  EXPECT_EQ(rows("maxauthtries"), "6");
  EXPECT_EQ(rows("requiredrsasize"), "1024");
  host_.files["/usr/sbin/sshd"] = "OpenSSH_8.4p1";
  EXPECT_EQ(rows("requiredrsasize"), "");
}

TEST_F(SshdConfigTest, OfAnUnknownVersionNoDefaultIsGuessed) {
  host_.files["/usr/sbin/sshd"] = "something else";
  write(kMain, "Port 22\n");
  EXPECT_EQ(rows("permitrootlogin"), "NULL");
  EXPECT_EQ(rows("port"), "22@/etc/ssh/sshd_config:1");
}

TEST_F(SshdConfigTest, IncludesStandWhereTheyStand) {
  write(kMain, "Include sshd_config.d/*.conf\nPasswordAuthentication yes\nX11Forwarding no\n");
  write("/etc/ssh/sshd_config.d/20.conf", "PasswordAuthentication no\n");
  write("/etc/ssh/sshd_config.d/10.conf", "X11Forwarding yes\n");
  EXPECT_EQ(rows("passwordauthentication"), "no@/etc/ssh/sshd_config.d/20.conf:1");
  EXPECT_EQ(rows("x11forwarding"), "yes@/etc/ssh/sshd_config.d/10.conf:1");
}

TEST_F(SshdConfigTest, ValuesOfAMatchSectionStandBesideTheGlobalOne) {
  write(kMain,
        "PasswordAuthentication no\nMatch User backup Address 192.0.2.0/24\n"
        "  PasswordAuthentication yes\n  PasswordAuthentication no\nMatch Group x\n  X11Forwarding "
        "yes\n");
  EXPECT_EQ(rows("passwordauthentication"),
            "no@/etc/ssh/sshd_config:1; yes@/etc/ssh/sshd_config:3 [User backup Address "
            "192.0.2.0/24]");
  EXPECT_EQ(rows("x11forwarding"), "yes@/etc/ssh/sshd_config:6 [Group x]; no");
}

TEST_F(SshdConfigTest, AMatchSectionEndsWithItsFileAndHoldsForWhatItIncludes) {
  write(kMain, "Include a.conf\nMaxSessions 3\nMatch User x\nInclude b.conf\n");
  write("/etc/ssh/a.conf", "Match User y\nMaxSessions 1\n");
  write("/etc/ssh/b.conf", "MaxSessions 2\nMatch Host h\nMaxSessions 9\n");
  EXPECT_EQ(rows("maxsessions"),
            "1@/etc/ssh/a.conf:2 [User y]; 3@/etc/ssh/sshd_config:2; 2@/etc/ssh/b.conf:1 [User x]; "
            "9@/etc/ssh/b.conf:3 [User x && Host h]");
}

TEST_F(SshdConfigTest, MatchAllIsGlobalWhereNothingElseIsAndGoesBeforeIt) {
  write(kMain, "X11Forwarding no\nMatch All\nX11Forwarding yes\nMaxSessions 2\n");
  EXPECT_EQ(rows("x11forwarding"), "no@/etc/ssh/sshd_config:1; yes@/etc/ssh/sshd_config:3 [all]");
  EXPECT_EQ(rows("maxsessions"), "2@/etc/ssh/sshd_config:4; 2@/etc/ssh/sshd_config:4 [all]");
}

TEST_F(SshdConfigTest, KeywordsOfManyValuesHaveARowForEach) {
  write(kMain, "Port 22\nPort 2222\nAcceptEnv LANG LC_*\nAcceptEnv TZ\nAllowUsers a b\n");
  EXPECT_EQ(rows("port"), "22@/etc/ssh/sshd_config:1; 2222@/etc/ssh/sshd_config:2");
  EXPECT_EQ(rows("acceptenv"),
            "LANG@/etc/ssh/sshd_config:3; LC_*@/etc/ssh/sshd_config:3; TZ@/etc/ssh/sshd_config:4");
  EXPECT_EQ(rows("listenaddress"), "[::]:22; 0.0.0.0:22; [::]:2222; 0.0.0.0:2222");
}

TEST_F(SshdConfigTest, AddressesGetThePortsThatTheyDoNotName) {
  write(kMain,
        "Port 22\nPort 23\nListenAddress 192.0.2.1\nListenAddress [2001:db8::1]:99\n"
        "ListenAddress ::1\n");
  EXPECT_EQ(rows("listenaddress"),
            "192.0.2.1:22@/etc/ssh/sshd_config:3; 192.0.2.1:23@/etc/ssh/sshd_config:3; "
            "[2001:db8::1]:99@/etc/ssh/sshd_config:4; [::1]:22@/etc/ssh/sshd_config:5; "
            "[::1]:23@/etc/ssh/sshd_config:5");
}

TEST_F(SshdConfigTest, OptionsOfTheCommandLineGoFirst) {
  write("/etc/sysconfig/sshd", "OPTIONS=\"-oPermitRootLogin=no -f /etc/ssh/own\"\n");
  write("/etc/ssh/own", "PermitRootLogin yes\nMaxSessions 2\n");
  EXPECT_EQ(rows("permitrootlogin"), "no@/etc/sysconfig/sshd:1");
  EXPECT_EQ(rows("maxsessions"), "2@/etc/ssh/own:2");
}

TEST_F(SshdConfigTest, KeyboardInteractiveFollowsItsOldNameByVersion) {
  write(kMain, "ChallengeResponseAuthentication no\n");
  EXPECT_EQ(rows("kbdinteractiveauthentication"), "no@/etc/ssh/sshd_config:1");
  host_.files["/usr/sbin/sshd"] = "OpenSSH_8.0p1";
  EXPECT_EQ(rows("challengeresponseauthentication"), "no@/etc/ssh/sshd_config:1");
  EXPECT_EQ(rows("kbdinteractiveauthentication"), "no@/etc/ssh/sshd_config:1");
}

TEST_F(SshdConfigTest, WhatIsNotKnownIsNamedAndNotShown) {
  write(kMain, "NoSuchKeyword canary\nProtocol 2\n");
  EXPECT_EQ(rows("nosuchkeyword"), "NULL@/etc/ssh/sshd_config:1");
  EXPECT_EQ(rows("protocol"), "NULL@/etc/ssh/sshd_config:2");
}

TEST_F(SshdConfigTest, WithoutAServerThereIsNoRow) {
  write(kMain, "Port 22\n");
  host_.files.erase("/usr/sbin/sshd");
  EXPECT_EQ(good(collect_sshd_config(host_)).rows().size(), 0U);
}

TEST_F(SshdConfigTest, WhereSshdWouldNotStartThereIsNoTable) {
  write(kMain, "Include /etc/ssh/loop\n");
  write("/etc/ssh/loop", "Include /etc/ssh/loop\n");
  EXPECT_EQ(failure(), Code::kInvalidData);
  write(kMain, "Banner \"x\nPort 22\n");
  EXPECT_EQ(failure(), Code::kInvalidData);
  host_.files.erase(kMain);
  EXPECT_EQ(failure(), Code::kNotFound);
  write(kMain, std::string(kMaxConfigBytes + 1, '#'));
  EXPECT_EQ(failure(), Code::kTooLarge);
}

TEST_F(SshdConfigTest, AnEmptyFolderIsNoSystem) {
  host_.files.clear();
  EXPECT_EQ(failure(), Code::kNotFound);
}

}  // namespace
}  // namespace assay::agent
