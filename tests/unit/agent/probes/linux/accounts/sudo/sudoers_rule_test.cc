#include "agent/probes/linux/accounts/sudo/sudoers_rule.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "agent/probes/linux/accounts/sudo/doas_conf.h"
#include "agent/probes/linux/accounts/sudo/sudoers_text.h"

namespace assay::agent {
namespace {

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ","));
}

// "users hosts=(runas users:groups) tags: commands", grants apart by " / ".
std::string shown(std::string_view line) {
  const auto statement = parse_sudoers_line(line);
  if (!statement) return "not understood";
  const auto& rule = std::get<SudoersRule>(statement->content);
  std::string text = joined(rule.users);
  for (const auto& grant : rule.grants)
    for (const auto& group : grant.groups)
      text += fmt::format(" / {}=({}:{}) {}: {}", joined(grant.hosts), joined(group.runas_users),
                          joined(group.runas_groups), joined(group.tags), joined(group.commands));
  return text;
}

std::string details(std::string_view line) {
  const auto statement = parse_sudoers_line(line);
  return statement ? statement->details : "not understood";
}

TEST(SudoersRule, HasUsersHostsAndCommands) {
  EXPECT_EQ(shown("%sudo\tALL=(ALL:ALL) ALL"), "%sudo / ALL=(ALL:ALL) : ALL");
  EXPECT_EQ(shown("lin , #1001,+ops web1, web2 = /bin/ls"),
            "lin,#1001,+ops / web1,web2=(:) : /bin/ls");
  EXPECT_EQ(shown("lin ALL=ALL : db1=(pg) /bin/psql"),
            "lin / ALL=(:) : ALL / db1=(pg:) : /bin/psql");
}

TEST(SudoersRule, CarriesTagsAndRunasToTheCommandsThatFollow) {
  EXPECT_EQ(shown("a ALL=(root) NOPASSWD: /bin/a, /bin/b, PASSWD: /bin/c, (pg) SETENV: /bin/d"),
            "a / ALL=(root:) NOPASSWD: /bin/a,/bin/b / ALL=(root:) PASSWD: /bin/c / "
            "ALL=(pg:) PASSWD,SETENV: /bin/d");
  EXPECT_EQ(shown("a ALL=NOPASSWD:NOEXEC:ALL"), "a / ALL=(:) NOPASSWD,NOEXEC: ALL");
  EXPECT_EQ(shown("a ALL=CWD=/tmp TIMEOUT=5m /bin/a"), "a / ALL=(:) CWD=/tmp,TIMEOUT=5m: /bin/a");
}

TEST(SudoersRule, LeavesArgumentsOut) {
  EXPECT_EQ(shown("a ALL=/bin/mysql -psecret, /bin/ls \"\""),
            "a / ALL=(:) : /bin/mysql …,/bin/ls \"\"");
  EXPECT_EQ(details("a ALL=(root) /bin/mysql -psecret, NOPASSWD: /bin/curl -u x\\:secret , ALL"),
            "ALL=(root) /bin/mysql …, NOPASSWD: /bin/curl … , ALL");
  EXPECT_EQ(details("Cmnd_Alias DB = /bin/mysql -p secret, /bin/true"),
            "DB = /bin/mysql …, /bin/true");
}

TEST(SudoersRule, ReadsNamesWithBlanksAndDomains) {
  EXPECT_EQ(shown("%domain\\ admins ALL=ALL"), "%domain admins / ALL=(:) : ALL");
  EXPECT_EQ(shown("\"%domain admins\" ALL=ALL"), "%domain admins / ALL=(:) : ALL");
  EXPECT_EQ(shown("%CORP\\\\admins ALL=ALL"), "%CORP\\admins / ALL=(:) : ALL");
  EXPECT_EQ(shown("!lin, ALL ALL=ALL"), "!lin,ALL / ALL=(:) : ALL");
}

TEST(SudoersRule, ReadsDigestsAndExclusions) {
  EXPECT_EQ(shown("a ALL=sha256:abcd= /bin/a, !/bin/su"),
            "a / ALL=(:) : sha256:abcd= /bin/a,!/bin/su");
}

TEST(SudoersRule, ReadsRunasWithoutUsers) {
  EXPECT_EQ(shown("a ALL=(:adm) /bin/a"), "a / ALL=(:adm) : /bin/a");
  EXPECT_EQ(shown("a ALL=() /bin/a"), "a / ALL=(:) : /bin/a");
}

TEST(SudoersRule, SaysNothingOfALineThatIsNone) {
  for (const auto* line :
       {"secretword", "a ALL", "a ALL=", "a ALL=(root", "Defaults", "User_Alias X", "a = b",
        "a ALL=(root) NOPASSWD:", "Cmnd_Alias = /bin/a"}) {
    const auto statement = parse_sudoers_line(line);
    ASSERT_FALSE(statement) << line;
    EXPECT_EQ(statement.error().message().find("secretword"), std::string::npos);
  }
}

TEST(SudoersText, JoinsLinesAndDropsComments) {
  const auto lines =
      sudoers_lines("# one\na ALL = \\\n  /bin/a # two\n\n#1000 ALL=ALL\n#include x\n");
  ASSERT_TRUE(lines);
  ASSERT_EQ(lines->size(), 3U);
  EXPECT_EQ((*lines)[0].text, "a ALL =   /bin/a");
  EXPECT_EQ((*lines)[0].line, 2);
  EXPECT_EQ((*lines)[1].text, "#1000 ALL=ALL");
  EXPECT_TRUE(is_include((*lines)[2].text));
}

TEST(SudoersText, EndsACommentWithItsLine) {
  const auto lines = sudoers_lines("# comment \\\na ALL=ALL\n");
  ASSERT_EQ(lines->size(), 1U);
  EXPECT_EQ((*lines)[0].line, 2);
}

TEST(SudoersText, ReadsIncludes) {
  EXPECT_EQ(parse_include("@include \"/etc/with blank\"").path, "/etc/with blank");
  EXPECT_EQ(parse_include("#include /etc/with\\ blank").path, "/etc/with blank");
  EXPECT_TRUE(parse_include("@includedir /etc/sudoers.d").is_folder);
  EXPECT_FALSE(is_include("#included by nobody"));
}

TEST(DoasConf, ReadsRulesWithoutArguments) {
  const auto rules = parse_doas(
      "permit persist :wheel\npermit nopass setenv { A=secret B } lin as pg cmd /bin/psql args -p "
      "secret\ndeny mei\nnonsense\n");
  ASSERT_TRUE(rules);
  ASSERT_EQ(rules->size(), 4U);
  EXPECT_EQ((*rules)[0].who, "%wheel");
  EXPECT_EQ(joined((*rules)[1].options), "nopass,setenv");
  EXPECT_EQ((*rules)[1].command, "/bin/psql");
  EXPECT_TRUE((*rules)[1].has_arguments);
  EXPECT_FALSE((*rules)[2].is_permit);
  EXPECT_EQ((*rules)[3].who, "");
}

}  // namespace
}  // namespace assay::agent
