#include "agent/probes/linux/accounts/login_rules/account_sources.h"

#include <gtest/gtest.h>

#include "tests/unit/agent/map_host.h"
#include "tests/unit/agent/probes/fixture_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

evidence::Table sources_of(MapHost host) {
  return good(collect_account_sources(host));
}

TEST(AccountSources, AreTheFilesWhereNothingIsSaid) {
  const auto table = sources_of(MapHost{{"/etc/passwd", ""}});
  ASSERT_EQ(table.rows().size(), 3U);
  EXPECT_EQ(row(table, 0, {"database", "position", "source", "kind", "file", "note"}),
            "passwd|1|files|local|NULL|NULL");
}

TEST(AccountSources, KeepTheirOrderAndLeaveActionsOut) {
  const auto table = sources_of(MapHost{
      {"/etc/nsswitch.conf", "# x\npasswd: files [NOTFOUND=continue SUCCESS=return] ldap # y\n"}});
  ASSERT_EQ(table.rows().size(), 4U);
  EXPECT_EQ(row(table, 1, {"position", "source", "kind", "file", "line"}),
            "2|ldap|ldap|/etc/nsswitch.conf|2");
}

TEST(AccountSources, AreTheFilesForWhatNsswitchDoesNotName) {
  const auto table = sources_of(MapHost{{"/etc/nsswitch.conf", "hosts: files\npasswd: sss\n"}});
  EXPECT_EQ(cell(table, "database", "passwd", "source"), "sss");
  EXPECT_EQ(cell(table, "database", "group", "source"), "files");
  EXPECT_EQ(cell(table, "database", "shadow", "file"), "NULL");
}

TEST(AccountSources, AreThoseOfTheLastLineButForSudo) {
  const auto table = sources_of(
      MapHost{{"/etc/nsswitch.conf",
               "passwd: files\npasswd sss files\ngroup:\nsudoers: sss\nsudoers: files\n"}});
  ASSERT_EQ(table.rows().size(), 4U);
  EXPECT_EQ(row(table, 0, {"database", "position", "source", "line"}), "passwd|1|sss|2");
  EXPECT_EQ(row(table, 1, {"database", "position", "source", "line"}), "passwd|2|files|2");
  EXPECT_EQ(row(table, 2, {"database", "position", "source", "line"}), "sudoers|1|sss|4");
  EXPECT_EQ(row(table, 3, {"database", "file"}), "shadow|NULL");
}

TEST(AccountSources, SayThatADomainHasRulesOfItsOwn) {
  auto ubuntu = fixture_host("ubuntu2404");
  const auto table = good(collect_account_sources(ubuntu));
  EXPECT_EQ(cell(table, "source", "sss", "domain"), "corp.example.com");
  EXPECT_EQ(cell(table, "source", "sss", "provider"), "ad");
  EXPECT_EQ(cell(table, "source", "sss", "realm"), "CORP.EXAMPLE.COM");
  EXPECT_NE(cell(table, "source", "sss", "note").find("rules of the directory"), std::string::npos);
  EXPECT_EQ(cell(table, "database", "sudoers", "position"), "1");
}

TEST(AccountSources, NeverHoldThePasswordOfSssd) {
  auto ubuntu = fixture_host("ubuntu2404");
  const auto table = good(collect_account_sources(ubuntu));
  for (const auto& cells : table.rows())
    for (const auto& value : cells)
      EXPECT_EQ(evidence::to_text(value).find("canary"), std::string::npos);
}

TEST(AccountSources, KnowAnSssdWithoutDomain) {
  auto rhel = fixture_host("rhel9");
  const auto table = good(collect_account_sources(rhel));
  EXPECT_EQ(cell(table, "source", "sss", "domain"), "NULL");
  EXPECT_EQ(cell(table, "source", "sss", "note"), "no domain is configured for sssd");
}

TEST(AccountSources, KnowWinbindWithItsRealm) {
  auto suse = fixture_host("sles15");
  const auto table = good(collect_account_sources(suse));
  EXPECT_EQ(cell(table, "source", "winbind", "domain"), "CORP.EXAMPLE.COM");
  EXPECT_EQ(cell(table, "source", "winbind", "provider"), "ADS");
}

TEST(AccountSources, HaveARowForEachDomain) {
  const auto table = sources_of(MapHost{
      {"/etc/nsswitch.conf", "passwd: files sss\n"},
      {"/etc/sssd/sssd.conf", "[sssd]\ndomains = a, b\n[domain/a]\nid_provider = ldap\n"},
      {"/etc/sssd/conf.d/b.conf", "[domain/b]\nid_provider = ipa\nipa_domain = ipa.example\n"}});
  ASSERT_EQ(table.rows().size(), 5U);  // group and shadow are built in
  EXPECT_EQ(cell(table, "domain", "a", "provider"), "ldap");
  EXPECT_EQ(cell(table, "domain", "ipa.example", "provider"), "ipa");
}

TEST(AccountSources, AreUnavailableWhenAFileCannotBeRead) {
  MapHost host{{"/etc/nsswitch.conf", "passwd: sss\n"}};
  host.failing("/etc/sssd/sssd.conf", Code::kPermissionDenied);
  EXPECT_EQ(collect_account_sources(host).error().code(), Code::kPermissionDenied);
}

}  // namespace
}  // namespace assay::agent
