#include "checks/bundle/content_bundle.h"

#include <gtest/gtest.h>

#include "checks/engine/compiler.h"
#include "evidence/compress.h"
#include "evidence/tar.h"
#include "tests/unit/evidence/authority.h"

namespace assay::checks {
namespace {

constexpr std::string_view kCatalogue =
    "framework: test\nedition: \"1\"\ntitle: {en: T, zh-TW: 標題}\n"
    "source: {en: S, zh-TW: 來源}\ncontrols_in_document: 1\ncontrols: []\n";
constexpr std::string_view kCycles =
    "table: eol_cycles\nsource: list\nretrieved: 2026-11-01\nrows:\n"
    "  - {product: debian, cycle: \"12\", security_until: 2026-07-11}\n";
constexpr std::string_view kApprovals =
    "table: approved_resolvers\nsource: the company\nretrieved: 2020-01-01\nrows:\n"
    "  - {address: 192.0.2.53}\n";

class ContentBundleTest : public testing::Test {
 protected:
  ContentBundleTest() {
    Compiler compiler;
    for (const auto text : {kCatalogue, kCycles, kApprovals}) compiler.add(text, "content.yaml");
    bundle_.title = "Head office";
    bundle_.created = "2026-11-20T08:00:00Z";
    bundle_.valid_days = 30;
    bundle_.content = to_json(std::move(compiler).finish().value());
    bundle_.certificate = signer_.certificate;
  }

  std::string packed() { return to_bytes(bundle_, signer_.key).value(); }
  Result<ContentBundle> read(const std::string& bytes) {
    return bundle_from_bytes(bytes, {signer_.certificate});
  }
  // The file with one of its members changed by `change`.
  template <typename Change>
  std::string altered(std::string_view name, Change change) {
    const auto archive = evidence::decompress(packed(), kMaxContentBytes).value();
    std::vector<std::pair<std::string, std::string>> members;
    const auto before = evidence::read_tar(archive).value();
    for (const auto& member : before) members.emplace_back(member.name, member.content);
    std::vector<evidence::TarMember> again;
    for (auto& [at, content] : members) {
      if (at == name) change(content);
      again.push_back({at, content});
    }
    return evidence::compress(evidence::write_tar(again).value()).value();
  }

  const evidence::KeyAndCertificate signer_ = evidence::make_authority();
  ContentBundle bundle_;
};

TEST_F(ContentBundleTest, ArrivesAsItWasPacked) {
  const auto arrived = read(packed());
  ASSERT_TRUE(arrived) << arrived.error().message();
  EXPECT_EQ(arrived->title, "Head office");
  EXPECT_EQ(arrived->created, "2026-11-20T08:00:00Z");
  EXPECT_EQ(arrived->valid_days, 30);
  EXPECT_EQ(arrived->content, bundle_.content);
}

TEST_F(ContentBundleTest, IsRefusedWhenNobodyWhoIsTrustedSignedIt) {
  const auto other = evidence::make_authority();
  const auto refused = bundle_from_bytes(packed(), {other.certificate});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::kUnauthenticated);
  EXPECT_EQ(bundle_from_bytes(packed(), {}).error().code(), Code::kUnauthenticated);
}

TEST_F(ContentBundleTest, IsRefusedWithOtherContentThanWasSigned) {
  const auto bytes = altered("content.json", [](std::string& content) {
    content.replace(content.find("2026-07-11"), 10, "2036-07-11");
  });
  const auto refused = read(bytes);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::kUnauthenticated);
}

TEST_F(ContentBundleTest, IsRefusedWithALongerLifeThanWasSigned) {
  const auto bytes = altered("about.json", [](std::string& about) {
    about.replace(about.find("\"valid_days\":30"), 15, "\"valid_days\":99");
  });
  ASSERT_FALSE(read(bytes));
  EXPECT_EQ(read(bytes).error().code(), Code::kUnauthenticated);
}

TEST_F(ContentBundleTest, SurvivesEveryCutAndWhatIsNoBundle) {
  const auto whole = packed();
  for (std::size_t size = 0; size < whole.size(); size += 1 + whole.size() / 97)
    EXPECT_FALSE(read(whole.substr(0, size))) << size;
  for (const auto* text : {"", "PK\x03\x04", "{}", "\xff\xff"}) EXPECT_FALSE(read(text));
}

TEST_F(ContentBundleTest, AKeyOfSomebodyElseSignsNothing) {
  const auto other = evidence::make_authority();
  const auto refused = to_bytes(bundle_, other.key);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message(), "the key is not that of the certificate");
}

TEST_F(ContentBundleTest, WhatAReaderWouldRefuseIsNotWritten) {
  bundle_.valid_days = 0;
  EXPECT_FALSE(to_bytes(bundle_, signer_.key));
  bundle_.valid_days = 30;
  bundle_.created = "yesterday";
  EXPECT_FALSE(to_bytes(bundle_, signer_.key));
  bundle_.created = "2026-11-20T08:00:00Z";
  bundle_.content = "{}";
  EXPECT_FALSE(to_bytes(bundle_, signer_.key));
}

TEST_F(ContentBundleTest, ItsDataGetsTooOldAndApprovalsDoNot) {
  const auto content = content_of(bundle_).value();
  EXPECT_EQ(reason_against(content.references.at("eol_cycles"), "2026-12-01"), "");
  EXPECT_NE(reason_against(content.references.at("eol_cycles"), "2026-12-02"), "");
  EXPECT_EQ(reason_against(content.references.at("approved_resolvers"), "2030-01-01"), "");
}

TEST_F(ContentBundleTest, NoDataIsJudgedByLongerThanTheBundleIsGood) {
  Compiler compiler;
  compiler.add(kCatalogue, "content.yaml");
  auto cycles = std::string(kCycles);
  compiler.add(cycles.replace(cycles.find("rows:"), 0, "max_age_days: 365\n"), "cycles.yaml");
  bundle_.content = to_json(std::move(compiler).finish().value());
  const auto content = content_of(bundle_).value();
  // Made on 2026-11-20, good for 30 days.
  EXPECT_EQ(reason_against(content.references.at("eol_cycles"), "2026-12-20"), "");
  EXPECT_NE(reason_against(content.references.at("eol_cycles"), "2026-12-21"), "");
}

}  // namespace
}  // namespace assay::checks
