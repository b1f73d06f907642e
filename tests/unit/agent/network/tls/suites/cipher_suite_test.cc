#include "agent/network/tls/suites/cipher_suite.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace assay::agent::tls {
namespace {

const CipherSuite& suite(std::uint32_t code) {
  const auto* found = find_suite(code);
  EXPECT_NE(found, nullptr) << code;
  static const CipherSuite kNone;
  return found != nullptr ? *found : kNone;
}

TEST(CipherSuites, AreSortedAndEachHasOneCodeAndOneName) {
  for (const auto list : {all_suites(), ssl2_suites()}) {
    EXPECT_TRUE(std::ranges::is_sorted(list, std::ranges::less_equal{}, &CipherSuite::code));
    std::set<std::string_view> names;
    for (const auto& one : list) {
      EXPECT_TRUE(names.insert(one.name).second) << one.name;
      EXPECT_FALSE(one.source.empty()) << one.name;
    }
  }
  EXPECT_GT(all_suites().size(), 370U);
}

// The name says all that the other columns say, in IANA's way of writing.
TEST(CipherSuites, ColumnsAgreeWithTheName) {
  for (const auto& one : all_suites()) {
    const auto facts = facts_of(one.cipher);
    const auto has = [&](std::string_view part) { return one.name.contains(part); };
    EXPECT_EQ(has("_anon_") || one.name.starts_with("TLS_NULL") || one.name.starts_with("SSL_NULL"),
              one.authentication == Authentication::kByNobody)
        << one.name;
    EXPECT_EQ(has("PSK"), one.authentication == Authentication::kByPsk) << one.name;
    EXPECT_EQ(has("_ECDSA_") || has("_ECNRA_"), one.authentication == Authentication::kByEcdsa)
        << one.name;
    EXPECT_EQ(facts.is_authenticated, has("_GCM") || has("_CCM") || has("CHACHA20") || has("AEGIS"))
        << one.name;
    const auto bits = has("_256_CBC") || has("_256_GCM") || has("_256_CCM")   ? 256
                      : has("_128_CBC") || has("_128_GCM") || has("_128_CCM") ? 128
                      : has("WITH_NULL")                                      ? 0
                                                                              : facts.bits;
    const bool is_short_key = has("RC2_CBC_56") || has("EXPORT");
    if (!is_short_key) {
      EXPECT_EQ(facts.bits, bits) << one.name;
    }
  }
}

TEST(CipherSuites, ForwardSecrecyNeedsAKeyOfItsOwnForEachConnection) {
  for (const auto code : {0xC02FU, 0x009EU, 0xCCA8U, 0x1301U, 0xC0ACU})
    EXPECT_TRUE(has_forward_secrecy(suite(code))) << suite(code).name;
  for (const auto code : {0x002FU, 0x009CU, 0xC00EU, 0x0030U, 0x008CU, 0xC0B4U})
    EXPECT_FALSE(has_forward_secrecy(suite(code))) << suite(code).name;
}

TEST(CipherSuites, TheWorstWeaknessIsNamedFirstWithItsSource) {
  const auto strong = weakness_of(suite(0xC02F));
  EXPECT_FALSE(strong.has_value());
  const auto plain = weakness_of(suite(0x002F));
  ASSERT_TRUE(plain.has_value());
  EXPECT_FALSE(plain->is_broken);
  EXPECT_EQ(plain->reason, "no forward secrecy");
  const auto export_rc4 = weakness_of(suite(0x0003));
  ASSERT_TRUE(export_rc4.has_value());
  EXPECT_TRUE(export_rc4->is_broken);
  EXPECT_EQ(export_rc4->reason, "export key; RC4; MD5; no forward secrecy");
  EXPECT_EQ(export_rc4->basis, "RFC 9325 4.1; RFC 7465; RFC 6151");
  const auto anonymous = weakness_of(suite(0x0034));
  ASSERT_TRUE(anonymous.has_value());
  EXPECT_EQ(anonymous->reason, "nobody is authenticated");
}

TEST(CipherSuites, AllOfSsl2IsBroken) {
  for (const auto& one : ssl2_suites()) {
    const auto weakness = weakness_of(one);
    ASSERT_TRUE(weakness.has_value());
    EXPECT_TRUE(weakness->is_broken);
    EXPECT_TRUE(weakness->basis.contains("RFC 6176"));
    EXPECT_EQ(find_ssl2_suite(one.code), &one);
  }
}

TEST(CipherSuites, WhatNobodyDefinedIsNotThere) {
  EXPECT_EQ(find_suite(0x0A0A), nullptr);
  EXPECT_EQ(find_suite(0x00FF), nullptr);  // a signal, no suite
  EXPECT_EQ(find_suite(0x5600), nullptr);
  EXPECT_EQ(find_ssl2_suite(0x002F), nullptr);
}

}  // namespace
}  // namespace assay::agent::tls
