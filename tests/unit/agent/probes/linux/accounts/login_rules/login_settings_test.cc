#include "agent/probes/linux/accounts/login_rules/login_settings.h"

#include <gtest/gtest.h>

#include "agent/probes/linux/accounts/login_rules/shell_settings.h"
#include "tests/unit/agent/map_host.h"
#include "tests/unit/agent/probes/fixture_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

// "value readonly exported", with "?" for conditional.
std::string timeout_of(std::string_view text) {
  for (const auto& found : parse_sh(text))
    if (found.kind == ShellSetting::Kind::kTimeout)
      return found.value.value_or(found.is_unset ? "unset" : "unknown") +
             (found.is_readonly ? " r" : "") + (found.is_exported ? " x" : "") +
             (found.is_conditional ? " ?" : "");
  return "none";
}

TEST(ShellSettings, ReadEveryWayToSetTmout) {
  EXPECT_EQ(timeout_of("TMOUT=600\n"), "600");
  EXPECT_EQ(timeout_of("export TMOUT=600 # idle"), "600 x");
  EXPECT_EQ(timeout_of("readonly TMOUT=\"600\" ; export TMOUT"), "600 r x");
  EXPECT_EQ(timeout_of("TMOUT=600\nreadonly TMOUT\nexport TMOUT\n"), "600 r x");
  EXPECT_EQ(timeout_of("declare -xr TMOUT=900"), "900 r x");
  EXPECT_EQ(timeout_of("unset TMOUT"), "unset");
}

TEST(ShellSettings, SayWhatIsOnlySometimesSo) {
  EXPECT_EQ(timeout_of("if [ -n \"$SSH_TTY\" ]; then\n  TMOUT=300\nfi\n"), "300 ?");
  EXPECT_EQ(timeout_of("[ -z \"$TMOUT\" ] && TMOUT=300"), "300 ?");
  EXPECT_EQ(timeout_of("if true; then x=1; fi\nTMOUT=300"), "300");
  EXPECT_EQ(timeout_of("TMOUT=$LIMIT"), "unknown");
  EXPECT_EQ(timeout_of("TMOUT=$((60 * 10))"), "unknown");
  EXPECT_EQ(timeout_of("TMOUT=$(a \")\" | b; (c))"), "unknown");
  EXPECT_EQ(timeout_of("TMOUT=`a b`"), "unknown");
  EXPECT_EQ(timeout_of("x=$(unended\nTMOUT=600"), "600");
}

TEST(ShellSettings, AreNotTakenFromCommentsOrOtherCommands) {
  EXPECT_EQ(timeout_of("# TMOUT=600\necho TMOUT=600\nMYTMOUT=3\necho 'a;TMOUT=5'\n"), "none");
}

TEST(ShellSettings, AreNotTakenFromDocumentsQuotesAndOtherEnvironments) {
  EXPECT_EQ(timeout_of("cat <<END\nTMOUT=5\nEND\n"), "none");
  EXPECT_EQ(timeout_of("cat <<-\\END >x\n\tTMOUT=5\n\tEND\nTMOUT=6"), "6");
  EXPECT_EQ(timeout_of("cat <<A <<'B'\nTMOUT=5\nA\nTMOUT=6\nB\nTMOUT=7"), "7");
  EXPECT_EQ(timeout_of("x=$((1<<2))\nTMOUT=7\ncat <<<END\nTMOUT=8"), "7");
  EXPECT_EQ(timeout_of("a='x\nTMOUT=5\n'\nb=\"\\\"\nTMOUT=6\"\n"), "none");
  EXPECT_EQ(timeout_of("echo don't\nTMOUT=6\n"), "6");
  EXPECT_EQ(timeout_of("TMOUT=5 program"), "none");
  EXPECT_EQ(timeout_of("TMOUT=5 2>/dev/null > x"), "5");
  EXPECT_EQ(timeout_of("export \\\n  TMOUT=5\n"), "5 x");
}

TEST(ShellSettings, InGroupsCountAndInFunctionsMayNot) {
  EXPECT_EQ(timeout_of("{ TMOUT=5; }"), "5");
  EXPECT_EQ(timeout_of("( TMOUT=5 )\n"), "none");
  EXPECT_EQ(timeout_of("(\nTMOUT=5\n)\n"), "5 ?");
  for (const auto* head : {"f() {", "f () {", "f()\n{", "function f {", "f(){"})
    EXPECT_EQ(timeout_of(std::string(head) + "\nTMOUT=5\n}\n"), "5 ?") << head;
  EXPECT_EQ(timeout_of("f() { x; }\nTMOUT=5"), "5");
  EXPECT_EQ(timeout_of("case \"$-\" in *i*) TMOUT=5;; esac"), "5 ?");
  EXPECT_EQ(timeout_of("case x in\n x) TMOUT=5 ;;\nesac\n"), "5 ?");
  EXPECT_EQ(timeout_of("TMOUT=5\nif x; then readonly TMOUT; fi"), "5");
  EXPECT_EQ(timeout_of("if x; then TMOUT=5; readonly TMOUT; fi"), "5 r ?");
}

TEST(ShellSettings, ReadUmaskAndAutologout) {
  const auto found = parse_csh("umask 027\nset -r autologout = 15\n");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].value, "027");
  EXPECT_EQ(found[1].value, "15");
  EXPECT_TRUE(found[1].is_readonly);
}

evidence::Table settings_of(MapHost host) {
  return good(collect_login_settings(host));
}

TEST(LoginSettings, SayWhatIsNotSet) {
  const auto table = settings_of(MapHost{{"/etc/passwd", ""}});
  EXPECT_EQ(cell(table, "setting", "TMOUT", "value"), "NULL");
  EXPECT_EQ(cell(table, "setting", "TMOUT", "in_force"), "0");
  EXPECT_EQ(cell(table, "setting", "umask", "value"), "NULL");
  EXPECT_EQ(cell(table, "setting", "console_idle", "in_force"), "0");
  EXPECT_EQ(cell(table, "setting", "autologin", "value"), "NULL");
  EXPECT_EQ(cell(table, "scope", "issue", "value"), "absent");
}

TEST(LoginSettings, NameFileAndLineOfTmout) {
  const auto table = settings_of(
      MapHost{{"/etc/profile.d/tmout.sh", "# idle\nreadonly TMOUT=900; export TMOUT\n"}});
  EXPECT_EQ(
      row(table, 0, {"setting", "value", "seconds", "is_readonly", "is_exported", "in_force"}),
      "TMOUT|900|900|1|1|1");
  EXPECT_EQ(row(table, 0, {"source", "line"}), "/etc/profile.d/tmout.sh|2");
}

TEST(LoginSettings, WhatProfileTakesBackIsNotInForce) {
  const auto table = settings_of(
      MapHost{{"/etc/profile.d/a.sh", "TMOUT=900\n"}, {"/etc/profile.d/b.sh", "unset TMOUT\n"}});
  EXPECT_EQ(row(table, 0, {"value", "in_force", "note"}),
            "900|0|taken back at /etc/profile.d/b.sh:1");
}

TEST(LoginSettings, WhatIsReadOnlyIsNotChangedLater) {
  const auto table = settings_of(MapHost{{"/etc/profile", "readonly TMOUT=0\n"},
                                         {"/etc/profile.d/b.sh", "TMOUT=900\nreadonly TMOUT\n"},
                                         {"/etc/zsh/zshrc", "TMOUT=300\n"}});
  EXPECT_EQ(cell(table, "value", "0", "in_force"), "1");
  EXPECT_EQ(cell(table, "value", "300", "in_force"), "1");
  EXPECT_EQ(cell(table, "value", "900", "in_force"), "0");
  EXPECT_EQ(cell(table, "value", "900", "note"), "without effect: read-only since /etc/profile:1");
}

TEST(LoginSettings, CountAutologoutInMinutes) {
  const auto table = settings_of(MapHost{{"/etc/csh.cshrc", "set autologout=15\n"}});
  EXPECT_EQ(cell(table, "setting", "autologout", "seconds"), "900");
}

TEST(LoginSettings, SayWhetherAnythingReadsUmaskOfLoginDefs) {
  MapHost host{{"/etc/login.defs", "UMASK 027\n"},
               {"/etc/pam.d/login", "auth required pam_unix.so\n"}};
  EXPECT_EQ(cell(settings_of(host), "setting", "umask", "in_force"), "0");
  host.with_file("/etc/pam.d/login", "session optional pam_umask.so\n");
  EXPECT_EQ(cell(settings_of(host), "setting", "umask", "in_force"), "1");
  host.with_file("/etc/pam.d/login", "session optional pam_umask.so umask=077\n");
  EXPECT_EQ(cell(settings_of(host), "scope", "pam_umask", "value"), "077");
  EXPECT_EQ(cell(settings_of(host), "scope", "login.defs", "in_force"), "0");
}

TEST(LoginSettings, FindWhoIsLoggedInUnasked) {
  const auto table = settings_of(MapHost{
      {"/etc/gdm3/custom.conf", "[daemon]\nAutomaticLoginEnable=False\nAutomaticLogin=mei\n"},
      {"/etc/lightdm/lightdm.conf", "[Seat:*]\nautologin-user=kiosk\n"},
      {"/etc/systemd/system/getty@tty1.service.d/a.conf",
       "[Service]\nExecStart=\nExecStart=-/sbin/agetty --autologin pi --noclear %I\n"}});
  EXPECT_EQ(cell(table, "scope", "lightdm", "value"), "kiosk");
  EXPECT_EQ(cell(table, "scope", "getty", "value"), "pi");
  EXPECT_EQ(cell(table, "scope", "gdm", "value"), "no such row");
}

TEST(LoginSettings, ReadTheTimesOfLogind) {
  const auto idle = [](const std::string& value) {
    return cell(settings_of(MapHost{
                    {"/etc/systemd/logind.conf", "[Login]\nStopIdleSessionSec=" + value + "\n"}}),
                "setting", "console_idle", "seconds");
  };
  EXPECT_EQ(idle("900"), "900");
  EXPECT_EQ(idle("1h 30min"), "5400");
  EXPECT_EQ(idle("infinity"), "NULL");
}

TEST(LoginSettings, ReadTheDistributions) {
  auto ubuntu = fixture_host("ubuntu2404");
  const auto table = good(collect_login_settings(ubuntu));
  EXPECT_EQ(cell(table, "setting", "TMOUT", "is_readonly"), "1");
  EXPECT_EQ(cell(table, "setting", "autologin", "value"), "kiosk");
  auto rhel = fixture_host("rhel9");
  const auto of_rhel = good(collect_login_settings(rhel));
  EXPECT_EQ(cell(of_rhel, "setting", "TMOUT", "seconds"), "900");
  EXPECT_EQ(cell(of_rhel, "setting", "console_idle", "seconds"), "900");
  EXPECT_EQ(cell(of_rhel, "scope", "issue", "note"), "shows the system's name or version");
  EXPECT_EQ(cell(of_rhel, "scope", "motd", "value"), "empty");
  auto suse = fixture_host("sles15");
  EXPECT_EQ(cell(good(collect_login_settings(suse)), "setting", "securetty", "value"),
            "tty1,tty2,tty3");
}

TEST(LoginSettings, AreUnavailableWhenAFileCannotBeRead) {
  for (const auto* path : {"/etc/profile", "/etc/profile.d", "/etc/login.defs", "/etc/issue",
                           "/etc/lightdm/lightdm.conf"}) {
    MapHost host{{"/etc/passwd", ""}};
    host.failing(path, Code::kPermissionDenied);
    EXPECT_FALSE(collect_login_settings(host)) << path;
  }
}

}  // namespace
}  // namespace assay::agent
