#include "agent/probes/linux/updates/yum_repos.h"

#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/probes/fixture_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

constexpr const char* kRepo = "/etc/yum.repos.d/a.repo";

TEST(YumReposTest, ReadsTheRepositoriesOfRhel) {
  auto host = fixture_host("updates_rhel9");
  const auto table = good(collect_yum_repos(host));
  EXPECT_EQ(cell(table, "id", "rhel-9-baseos", "name"), "Red Hat Enterprise Linux 9 - BaseOS");
  EXPECT_EQ(cell(table, "id", "rhel-9-baseos", "gpgcheck"), "1");
  EXPECT_EQ(cell(table, "id", "rhel-9-baseos", "sslverify"), "1");
  EXPECT_EQ(cell(table, "id", "internal", "baseurl"),
            "https://repo.example.com/el9/$basearch/ https://repo2.example.com/el9/");
  EXPECT_EQ(cell(table, "id", "internal", "gpgcheck"), "0");
  EXPECT_EQ(cell(table, "id", "internal", "line"), "11");
  EXPECT_EQ(cell(table, "id", "epel-testing", "enabled"), "0");
}

TEST(YumReposTest, ReadsTheRepositoriesOfSuse) {
  auto host = fixture_host("updates_sles15");
  const auto table = good(collect_yum_repos(host));
  EXPECT_EQ(cell(table, "id", "SLE-Updates", "manager"), "zypper");
  EXPECT_EQ(cell(table, "id", "SLE-Updates", "baseurl"),
            "https://updates.suse.com/SUSE/Updates/SLE/");
  EXPECT_EQ(cell(table, "id", "SLE-Updates", "priority"), "99");
}

TEST(YumReposTest, AVariableIsPutIn) {
  MemoryHost host;
  host.files = {{kRepo, "[a]\nbaseurl=http://h/${site}/$releasever/$site_x\n"},
                {"/etc/dnf/vars/site", "taipei\n"}};
  EXPECT_EQ(cell(good(collect_yum_repos(host)), "id", "a", "baseurl"),
            "http://h/taipei/$releasever/$site_x");
}

TEST(YumReposTest, WhatNobodySetsIsNull) {
  MemoryHost host;
  host.files = {{kRepo, "[a]\nmirrorlist=http://h/\n"}};
  EXPECT_EQ(row(good(collect_yum_repos(host)), 0,
                {"name", "enabled", "gpgcheck", "repo_gpgcheck", "sslverify", "gpgkey", "exclude"}),
            "NULL|1|NULL|NULL|NULL|NULL|NULL");
}

TEST(YumReposTest, TheRepositoryGoesBeforeTheMainFile) {
  MemoryHost host;
  host.files = {{kRepo, "[a]\ngpgcheck=0\n[b]\n"},
                {"/etc/dnf/dnf.conf", "[main]\ngpgcheck=True\nexcludepkgs=kernel*\n"}};
  const auto table = good(collect_yum_repos(host));
  EXPECT_EQ(cell(table, "id", "a", "gpgcheck"), "0");
  EXPECT_EQ(cell(table, "id", "b", "gpgcheck"), "1");
}

TEST(YumReposTest, TheMainFileHasEntriesTooAndTheFirstOfANameCounts) {
  MemoryHost host;
  host.files = {{kRepo, "[a]\nenabled=0\n[a]\nenabled=1\n"},
                {"/etc/dnf/dnf.conf", "[main]\n[b]\nname=B\nexclude=x\nexcludepkgs=y\n"}};
  const auto table = good(collect_yum_repos(host));
  EXPECT_EQ(table.rows().size(), 2U);
  EXPECT_EQ(cell(table, "id", "a", "enabled"), "0");
  EXPECT_EQ(cell(table, "id", "b", "source"), "/etc/dnf/dnf.conf");
  EXPECT_EQ(cell(table, "id", "b", "exclude"), "x y");
}

TEST(YumReposTest, DnfKnowsKeysInSmallLettersOnly) {
  MemoryHost host;
  host.files = {{kRepo, "[a]\nEnabled=0\n"}, {"/etc/dnf/dnf.conf", "[main]\n"}};
  EXPECT_EQ(cell(good(collect_yum_repos(host)), "id", "a", "enabled"), "1");
  host.files = {{kRepo, "[a]\nEnabled=0\n"}, {"/etc/yum.conf", "[main]\n"}};
  EXPECT_EQ(cell(good(collect_yum_repos(host)), "id", "a", "enabled"), "0");
}

TEST(YumReposTest, ABrokenFileIsAnErrorNotHalfATable) {
  MemoryHost host;
  host.files = {{kRepo, "[a]\nbaseurl"}};
  EXPECT_EQ(collect_yum_repos(host).error().message(),
            "reading /etc/yum.repos.d/a.repo: line 2: neither key nor section");
}

TEST(YumReposTest, ASystemOfAnotherKindHasNoSuchTable) {
  MemoryHost host;
  EXPECT_EQ(collect_yum_repos(host).error().code(), Code::kNotFound);
}

TEST(YumReposTest, AFailureOfTheMachineIsPassedOn) {
  auto image = fixture_host("updates_rhel9");
  for (const auto* path : {"/etc/yum.repos.d", "/etc/dnf/dnf.conf"}) {
    FailingHost host(image);
    host.fail_path(path, Error(Code::kPermissionDenied, "not ours"));
    EXPECT_EQ(collect_yum_repos(host).error().code(), Code::kPermissionDenied) << path;
  }
}

}  // namespace
}  // namespace assay::agent
