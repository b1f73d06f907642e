#include <gtest/gtest.h>

#include "agent/host/failing_host.h"
#include "agent/probes/linux/network/shares/exports_file.h"
#include "agent/probes/linux/network/shares/nfs_exports.h"
#include "agent/probes/linux/network/shares/samba_shares.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

evidence::Table exports(const std::string& text) {
  MemoryHost host;
  host.files["/etc/exports"] = text;
  return good(collect_nfs_exports(host));
}

evidence::Table samba(const std::string& text) {
  MemoryHost host;
  host.files["/etc/samba/smb.conf"] = text;
  host.files["/etc/samba/more.conf"] = "guest ok = yes\n";
  return good(collect_samba_shares(host));
}

TEST(NfsExportsTest, EachClientIsARow) {
  const auto table = exports(
      "# x\n/srv/a 192.0.2.0/24(rw,no_root_squash) \\\n  host(ro,sec=krb5p,insecure)\n"
      "\"/srv/my data\" -rw,all_squash *.example\n/srv/b\n");
  EXPECT_EQ(row(table, 0, {"share", "client", "readonly", "root_squash", "line"}),
            "/srv/a|192.0.2.0/24|0|0|2");
  EXPECT_EQ(row(table, 1, {"client", "readonly", "security", "secure_port"}), "host|1|krb5p|0");
  EXPECT_EQ(row(table, 2, {"share", "client", "readonly", "all_squash"}),
            "/srv/my data|*.example|0|1");
  EXPECT_EQ(row(table, 3, {"share", "client", "readonly", "options"}), "/srv/b|*|1|NULL");
}

// The classic mistake: the options are those of everybody.
TEST(NfsExportsTest, ABlankBeforeTheOptionsOpensTheShareToEverybody) {
  const auto table = exports("/srv/a host (rw)\n");
  EXPECT_EQ(row(table, 0, {"client", "readonly"}), "host|1");
  EXPECT_EQ(row(table, 1, {"client", "readonly"}), "*|0");
}

TEST(NfsExportsTest, FilesOfTheFolderCountByTheirEnding) {
  MemoryHost host;
  host.files["/etc/exports.d/a.exports"] = "/srv/a h(rw)\n";
  host.files["/etc/exports.d/b.bak"] = "/srv/b h(rw)\n";
  EXPECT_EQ(good(collect_nfs_exports(host)).rows().size(), 1U);
  EXPECT_EQ(parse_exports("/a\\040b x").at(0).path, "/a b");
}

TEST(NfsExportsTest, KindsOfLoginHaveRightsOfTheirOwn) {
  const auto exports = parse_exports(
      "/a h(sec=sys,ro,sec=krb5:krb5i,rw,no_root_squash)\n/b -sec=krb5p,ro h(rw)\n"
      "/c h(rw,sec=krb5p)\n/d -rw h(ro)\n");
  ASSERT_EQ(exports.size(), 4U);
  EXPECT_EQ(exports[0].security, "sys:krb5:krb5i");
  EXPECT_FALSE(exports[0].is_read_only);
  EXPECT_FALSE(exports[0].is_root_squashed);
  EXPECT_TRUE(exports[1].is_read_only);
  EXPECT_EQ(exports[2].security, "krb5p");
  EXPECT_FALSE(exports[2].is_read_only);
  EXPECT_TRUE(exports[3].is_read_only);
}

TEST(NfsExportsTest, NoServerIsAnEmptyTableAndAnUnreadableFileAnError) {
  MemoryHost inner;
  EXPECT_TRUE(good(collect_nfs_exports(inner)).rows().empty());
  EXPECT_TRUE(good(collect_samba_shares(inner)).rows().empty());
  FailingHost host(inner);
  host.fail_path("/etc/exports", Error(Code::kPermissionDenied, "no"));
  host.fail_path("/etc/samba", Error(Code::kPermissionDenied, "no"));
  EXPECT_EQ(collect_nfs_exports(host).error().code(), Code::kPermissionDenied);
  EXPECT_EQ(collect_samba_shares(host).error().code(), Code::kPermissionDenied);
}

TEST(SambaSharesTest, KnowsSynonymsAndTheirOpposites) {
  const auto table = samba("[a]\n path=/a\n Public = Yes\n wri table = yes\n[b]\nwriteable = no\n");
  EXPECT_EQ(row(table, 1, {"share", "guest_ok", "read_only"}), "a|1|0");
  EXPECT_EQ(row(table, 2, {"share", "guest_ok", "read_only", "path"}), "b|0|1|NULL");
}

TEST(SambaSharesTest, GlobalValuesAreTheDefaultsOfShares) {
  const auto table = samba(
      "[global]\nhosts allow = 10.\ninclude = /etc/samba/more.conf\n[a]\n"
      "path = /a\n[b]\nguest ok = no\n");
  EXPECT_EQ(row(table, 1, {"guest_ok", "hosts_allow"}), "1|10.");
  EXPECT_EQ(row(table, 2, {"guest_ok"}), "0");
}

TEST(SambaSharesTest, TheServersOwnSettings) {
  const auto table = samba(
      "[global]\nmin protocol = NT1\nmap to guest = Bad User\n"
      "null passwords = yes\nsmb encrypt = required\n; x\n");
  EXPECT_EQ(row(table, 0,
                {"share", "server_min_protocol", "map_to_guest", "null_passwords", "smb_encrypt",
                 "server_signing", "ntlm_auth"}),
            "global|NT1|Bad User|1|required|default|NULL");
}

TEST(SambaSharesTest, WhatCannotBeFollowedIsSaid) {
  EXPECT_NE(row(samba("include = /etc/samba/%m.conf\n"), 0, {"note"}).find("%m"),
            std::string::npos);
  EXPECT_NE(row(samba("[global]\ninclude = registry\n"), 0, {"note"}), "NULL");
  EXPECT_NE(row(samba("include = /etc/samba/smb.conf\n"), 0, {"note"}), "NULL");
}

TEST(SambaSharesTest, ADamagedFileIsNotOneOfDefaults) {
  MemoryHost host;
  host.files["/etc/samba/smb.conf"] = std::string("\0\0[global]\n", 11);
  EXPECT_EQ(collect_samba_shares(host).error().code(), Code::kInvalidData);
}

TEST(SambaSharesTest, SharesThatUsersMadeAreShares) {
  MemoryHost host;
  host.files["/etc/samba/smb.conf"] = "[global]\nusershare allow guests = yes\n";
  host.files["/var/lib/samba/usershares/mine"] =
      "#VERSION 2\npath=/home/a/x\ncomment=\nusershare_acl=S-1-1-0:F\nguest_ok=y\nsharename=mine\n";
  EXPECT_EQ(row(good(collect_samba_shares(host)), 1, {"share", "path", "guest_ok", "read_only"}),
            "mine|/home/a/x|1|0");
}

}  // namespace
}  // namespace assay::agent
