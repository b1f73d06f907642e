#include "agent/probes/linux/accounts/sudo/sudoers.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/map_host.h"
#include "tests/unit/agent/probes/fixture_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

// One rule's row: "who as_root all_commands password commands".
std::string right_of(const evidence::Table& table, std::string_view who) {
  for (std::size_t i = 0; i < table.rows().size(); ++i)
    if (evidence::to_text(table.at(i, "who")) == who)
      return row(table, i, {"as_root", "all_commands", "password", "commands"});
  return "no such row";
}

evidence::Table table_of(const std::string& sudoers) {
  MapHost host{{"/etc/sudoers", sudoers}};
  return good(collect_sudoers(host));
}

TEST(Sudoers, IsEmptyWithoutSudo) {
  MapHost host{{"/etc/passwd", ""}};
  EXPECT_TRUE(good(collect_sudoers(host)).rows().empty());
}

TEST(Sudoers, ShowsALineAsOsqueryDoes) {
  const auto table = table_of("# x\nDefaults  env_reset\n%sudo ALL=(ALL:ALL) ALL\n");
  ASSERT_EQ(table.rows().size(), 2U);
  EXPECT_EQ(row(table, 0, {"source", "header", "rule_details", "line", "position", "kind"}),
            "/etc/sudoers|Defaults|env_reset|2|1|defaults");
  EXPECT_EQ(row(table, 1, {"header", "rule_details", "line", "position", "kind", "who"}),
            "%sudo|ALL=(ALL:ALL) ALL|3|2|rule|%sudo");
}

TEST(Sudoers, AnswersWhoMayBecomeRootWithoutPassword) {
  const auto table = table_of(
      "lin ALL=(ALL) NOPASSWD: ALL\nmei ALL=ALL\npg ALL=(postgres) NOPASSWD: /bin/psql -p "
      "secret\n");
  EXPECT_EQ(right_of(table, "lin"), "1|1|none|ALL");
  EXPECT_EQ(right_of(table, "mei"), "1|1|own|ALL");
  EXPECT_EQ(right_of(table, "pg"), "0|0|none|/bin/psql …");
}

TEST(Sudoers, WritesAliasesOutWhereverTheyStand) {
  const auto table = table_of(
      "ADMINS ALL=(OP) CMDS\nUser_Alias ADMINS = lin, MORE : MORE = %ops\nRunas_Alias OP = root\n"
      "Cmnd_Alias CMDS = /bin/a x, /bin/b\n");
  EXPECT_EQ(right_of(table, "lin"), "1|0|own|/bin/a …, /bin/b");
  EXPECT_EQ(right_of(table, "%ops"), "1|0|own|/bin/a …, /bin/b");
}

TEST(Sudoers, KeepsAnAliasThatContainsItself) {
  const auto table = table_of("User_Alias A = B\nUser_Alias B = A, lin\nA ALL=ALL\n");
  EXPECT_EQ(right_of(table, "lin"), "1|1|own|ALL");
  EXPECT_NE(cell(table, "who", "A", "note").find("contains itself"), std::string::npos);
}

TEST(Sudoers, KnowsWhosePasswordIsAskedFor) {
  EXPECT_EQ(right_of(table_of("Defaults targetpw\nALL ALL=(ALL) ALL\n"), "ALL"), "1|1|target|ALL");
  EXPECT_EQ(right_of(table_of("Defaults !authenticate\na ALL=ALL\n"), "a"), "1|1|none|ALL");
  EXPECT_EQ(right_of(table_of("Defaults:a !authenticate\na ALL=ALL\n"), "a"), "1|1|none|ALL");
  EXPECT_EQ(right_of(table_of("Defaults:b !authenticate\na ALL=ALL\n"), "a"), "1|1|own|ALL");
  EXPECT_EQ(right_of(table_of("Defaults !authenticate\na ALL=PASSWD: ALL\n"), "a"), "1|1|own|ALL");
  EXPECT_EQ(right_of(table_of("Defaults exempt_group=adm\n%adm ALL=ALL\n"), "%adm"),
            "1|1|none|ALL");
}

TEST(Sudoers, DoesNotGuessWhereTheHostOrCommandDecides) {
  EXPECT_EQ(right_of(table_of("Defaults!/bin/a !authenticate\na ALL=ALL\n"), "a"), "1|1|NULL|ALL");
}

TEST(Sudoers, CountsRootOutWhereItIsLeftOut) {
  EXPECT_EQ(right_of(table_of("a ALL=(ALL, !root) ALL\n"), "a"), "0|1|own|ALL");
  EXPECT_EQ(right_of(table_of("a ALL=(#0) ALL\n"), "a"), "1|1|own|ALL");
  EXPECT_EQ(right_of(table_of("Defaults runas_default=pg\na ALL=ALL\n"), "a"), "0|1|own|ALL");
}

TEST(Sudoers, FollowsIncludesAsSudoDoes) {
  MapHost host{{"/etc/sudoers", "@include more\n#includedir /etc/sudoers.d\n"},
               {"/etc/more", "a ALL=ALL\n"},
               {"/etc/sudoers.d/10-b", "b ALL=ALL\n"},
               {"/etc/sudoers.d/c.bak", "c ALL=ALL\n"},
               {"/etc/sudoers.d/d~", "d ALL=ALL\n"}};
  const auto table = good(collect_sudoers(host));
  EXPECT_EQ(cell(table, "who", "a", "source"), "/etc/more");
  EXPECT_EQ(cell(table, "who", "b", "position"), "4");
  EXPECT_EQ(cell(table, "who", "c", "source"), "no such row");
  EXPECT_EQ(cell(table, "header", "#includedir", "note"),
            "sudo passes over names with '.' or with '~' at the end: c.bak, d~");
}

TEST(Sudoers, SaysThatAnIncludeIsMissing) {
  const auto table = table_of("@include /etc/none\n@includedir /etc/none.d\n");
  EXPECT_EQ(cell(table, "line", "1", "note"),
            "there is no such file: sudo reports an error at every use");
  EXPECT_EQ(cell(table, "line", "2", "note"), "there is no such folder");
}

TEST(Sudoers, SaysNothingOfALineThatIsNotUnderstood) {
  const auto table = table_of("secretword\nlin ALL=ALL\n");
  EXPECT_EQ(row(table, 0, {"kind", "header", "rule_details"}), "invalid|NULL|NULL");
  EXPECT_EQ(right_of(table, "lin"), "1|1|own|ALL");
}

TEST(Sudoers, IsUnavailableWhenAFileCannotBeRead) {
  MapHost host{{"/etc/sudoers", "@include /etc/x\n"}, {"/etc/x", "a ALL=ALL\n"}};
  host.failing("/etc/x", Code::kPermissionDenied);
  EXPECT_EQ(collect_sudoers(host).error().code(), Code::kPermissionDenied);
}

TEST(Sudoers, IsUnavailableWhenIncludesLoop) {
  MapHost host{{"/etc/sudoers", "@include /etc/sudoers\n"}};
  EXPECT_EQ(collect_sudoers(host).error().code(), Code::kInvalidData);
}

TEST(Sudoers, IsUnavailableWhenAliasesExplode) {
  std::string text = "User_Alias A0 = a, b, c, d, e, f, g, h\n";
  for (int i = 1; i < 12; ++i)
    text += "User_Alias A" + std::to_string(i) + " = A" + std::to_string(i - 1) + ", A" +
            std::to_string(i - 1) + "\n";
  for (int i = 0; i < 40; ++i) text += "A11 ALL=ALL\n";
  MapHost host{{"/etc/sudoers", text}};
  EXPECT_EQ(collect_sudoers(host).error().code(), Code::kTooLarge);
}

TEST(Sudoers, ReadsTheDistributionsAsDelivered) {
  auto ubuntu = fixture_host("ubuntu2404");
  const auto rights = good(collect_sudoers(ubuntu));
  EXPECT_EQ(right_of(rights, "ubuntu"), "1|1|none|ALL");
  EXPECT_EQ(right_of(rights, "%domain admins@corp.example.com"), "1|1|own|ALL");
  EXPECT_EQ(right_of(rights, "mallory"), "no such row");
  auto suse = fixture_host("sles15");
  EXPECT_EQ(right_of(good(collect_sudoers(suse)), "ALL"), "1|1|target|ALL");
  auto rhel = fixture_host("rhel9");
  EXPECT_EQ(right_of(good(collect_sudoers(rhel)), "wang"),
            "1|0|none|/sbin/service, /usr/bin/systemctl …");
}

TEST(Sudoers, ReadsDoasWhereThereIsNoSudo) {
  auto alpine = fixture_host("alpine");
  const auto table = good(collect_sudoers(alpine));
  EXPECT_EQ(right_of(table, "%wheel"), "1|1|own|ALL");
  EXPECT_EQ(right_of(table, "backup"), "1|0|none|/usr/bin/rsync …");
  EXPECT_EQ(right_of(table, "!lin"), "0|0|NULL|/sbin/reboot");
}

}  // namespace
}  // namespace assay::agent
