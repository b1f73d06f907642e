#include "agent/probes/linux/hardening/crypto/crypto_policy.h"

#include <gtest/gtest.h>

#include "agent/probes/linux/hardening/crypto/gnutls_conf.h"
#include "agent/probes/linux/hardening/crypto/openssl_policy.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/rows.h"

namespace assay::agent {
namespace {

class CryptoPolicyTest : public testing::Test {
 protected:
  CryptoPolicyTest() {
    host_.files["/etc/os-release"] = "ID=debian\n";
    host_.files["/usr/lib/x86_64-linux-gnu/libssl.so.3"] = "";
  }
  void configure(const std::string& commands) {
    host_.files["/etc/ssl/openssl.cnf"] =
        "openssl_conf = init\n[init]\nssl_conf = mod\n[mod]\nsystem_default = sect\n[sect]\n" +
        commands;
  }
  std::string value(std::string_view component, std::string_view setting) {
    const auto table = good(collect_crypto_policy(host_));
    for (std::size_t i = 0; i < table.rows().size(); ++i)
      if (row(table, i, {"component", "setting"}) ==
          std::string(component).append("|").append(setting))
        return row(table, i, {"value", "source", "line"});
    return "no such row";
  }
  MemoryHost host_;
};

TEST_F(CryptoPolicyTest, DamagedFilesSayNothing) {
  for (const auto* path : {"/etc/crypto-policies/state/current", "/etc/gnutls/config"}) {
    auto host = host_;
    host.files[path] = std::string("\0=\1\n", 4);
    EXPECT_EQ(collect_crypto_policy(host).error().code(), Code::kInvalidData) << path;
  }
}

TEST_F(CryptoPolicyTest, DebiansBuiltInLevelLeavesTls12) {
  EXPECT_EQ(value("openssl", "security_level"), "2|NULL|NULL");
  EXPECT_EQ(value("openssl", "oldest_protocol"), "TLSv1.2|NULL|NULL");
}

TEST_F(CryptoPolicyTest, TheConfiguredProtocolCountsWhenTheLevelAllowsIt) {
  configure("MinProtocol = TLSv1\nCipherString = DEFAULT@SECLEVEL=0\n");
  EXPECT_EQ(value("openssl", "oldest_protocol"), "TLSv1|/etc/ssl/openssl.cnf|7");
  configure("MinProtocol = TLSv1\nCipherString = DEFAULT@SECLEVEL=1\n");
  EXPECT_EQ(value("openssl", "oldest_protocol"), "TLSv1.2|/etc/ssl/openssl.cnf|7");
  configure("TLS.MinProtocol = TLSv1.3\nDTLS.MinProtocol = DTLSv1.2\n");
  EXPECT_EQ(value("openssl", "oldest_protocol"), "TLSv1.3|/etc/ssl/openssl.cnf|7");
  EXPECT_EQ(value("openssl", "dtls_min_protocol"), "DTLSv1.2|/etc/ssl/openssl.cnf|8");
}

TEST_F(CryptoPolicyTest, WhatIsNotUnderstoodIsNotKnown) {
  configure("MinProtocol = TLSv9\n");
  EXPECT_EQ(value("openssl", "oldest_protocol"), "NULL|/etc/ssl/openssl.cnf|7");
  configure("Protocol = -ALL, TLSv1.2\n");
  EXPECT_EQ(value("openssl", "oldest_protocol"), "NULL|NULL|NULL");
}

TEST_F(CryptoPolicyTest, RedHatsPolicyComesThroughAnInclude) {
  host_.files["/etc/os-release"] = "ID=rhel\nVERSION_ID=9.4\n";
  host_.files["/etc/crypto-policies/state/current"] = "DEFAULT:SHA1\n";
  host_.files["/etc/crypto-policies/back-ends/opensslcnf.config"] =
      "CipherString = @SECLEVEL=2:kEECDH\nTLS.MinProtocol = TLSv1.2\n";
  host_.files["/etc/pki/tls/openssl.cnf"] =
      "openssl_conf = init\n[init]\nssl_conf = mod\n[mod]\nsystem_default = pol\n[pol]\n"
      ".include = /etc/crypto-policies/back-ends/opensslcnf.config\n";
  EXPECT_EQ(value("system", "policy"), "DEFAULT:SHA1|/etc/crypto-policies/state/current|NULL");
  EXPECT_EQ(value("openssl", "security_level"),
            "2|/etc/crypto-policies/back-ends/opensslcnf.config|1");
}

TEST_F(CryptoPolicyTest, KernelModesAreReadFromTheRunningMachineOnly) {
  host_.files["/proc/sys/crypto/fips_enabled"] = "1\n";
  host_.files["/sys/kernel/security/lockdown"] = "none [integrity] confidentiality\n";
  EXPECT_EQ(value("kernel", "fips_mode"), "1|/proc/sys/crypto/fips_enabled|NULL");
  EXPECT_EQ(value("kernel", "lockdown"), "integrity|/sys/kernel/security/lockdown|NULL");
  host_.live = false;
  EXPECT_EQ(value("kernel", "fips_mode"), "NULL|NULL|NULL");
}

TEST_F(CryptoPolicyTest, AFileTheLibraryRefusesIsNoTable) {
  host_.files["/etc/ssl/openssl.cnf"] = "[broken\n";
  EXPECT_FALSE(collect_crypto_policy(host_).has_value());
}

TEST_F(CryptoPolicyTest, GnutlsTellsWhatItSwitchesOff) {
  host_.files["/etc/gnutls/config"] =
      "[overrides]\ndisabled-version = tls1.0\n# x\ndisabled-version = tls1.1\n[priorities]\nA=B\n";
  EXPECT_EQ(value("gnutls", "disabled-version"), "tls1.0,tls1.1|/etc/gnutls/config|4");
  EXPECT_EQ(value("gnutls", "A"), "no such row");
}

TEST(OldestTls, DependsOnTheBuildOfOpenssl1) {
  OpensslPolicy policy;
  OpensslBuild build{.major = 1, .security_level = 2, .level_two_needs_tls12 = false};
  EXPECT_EQ(oldest_tls(policy, build), "TLSv1");
  build.level_two_needs_tls12 = true;
  EXPECT_EQ(oldest_tls(policy, build), "TLSv1.2");
  build.security_level.reset();
  EXPECT_EQ(oldest_tls(policy, build), std::nullopt);
}

}  // namespace
}  // namespace assay::agent
