#include "collector/content/installed_content.h"

#include "evidence/signature.h"
#include "tests/unit/collector/content/files.h"

namespace assay::collector {
namespace {

class InstalledContentTest : public ContentFiles {
 protected:
  InstalledContentTest() { trust(signer_); }
  Error refusal(const std::string& file, bool may_be_older = false) {
    const auto before = read(installed_bundle_path(places_));
    const auto installed = install(file, may_be_older);
    EXPECT_FALSE(installed);
    EXPECT_EQ(read(installed_bundle_path(places_)), before) << "what was installed stays";
    return installed ? Error(Code::kInternal, "it was installed") : installed.error();
  }
  void expect_refused(const std::string& file, const std::string& words) {
    const auto error = refusal(file);
    EXPECT_EQ(error.code(), Code::kInvalidData) << error.message();
    EXPECT_NE(error.message().find(words), std::string::npos) << error.message();
  }
};

TEST_F(InstalledContentTest, IsWhatTheSourceFinds) {
  const auto installed = install(bundle(signer_, "20", 1000));
  ASSERT_TRUE(installed) << installed.error().message();
  const auto loaded = ContentSource(places_).load();
  ASSERT_TRUE(loaded) << loaded.error().text();
  EXPECT_EQ(loaded->content->digest.hex(), installed->digest);
  EXPECT_NE(loaded->content->check("BASE-1")->query.find("1000"), std::string::npos);
  EXPECT_EQ(loaded->origin.kind, ContentOrigin::Kind::kBundle);
  ASSERT_TRUE(remove_content(places_));
  EXPECT_EQ(ContentSource(places_).load()->origin.kind, ContentOrigin::Kind::kShipped);
  EXPECT_EQ(remove_content(places_).error().code(), Code::kNotFound);
}

TEST_F(InstalledContentTest, OfAStrangerOrOfNobodyIsRefused) {
  expect_refused(bundle(evidence::make_authority(), "20"), "nobody who is trusted signed it");
  const auto file = folder_ + "/unsigned";
  write(file, checks::to_json(shipped_content(1)));
  expect_refused(file, "");
}

TEST_F(InstalledContentTest, CutOrAlteredIsRefused) {
  const auto file = bundle(signer_, "20");
  const auto whole = read(file);
  for (std::size_t size = 0; size < whole.size(); size += 1 + whole.size() / 17) {
    write(file, whole.substr(0, size));
    expect_refused(file, "");
  }
  auto altered = whole;
  altered[altered.size() / 2] = static_cast<char>(altered[altered.size() / 2] ^ 1);
  write(file, altered);
  expect_refused(file, "");
}

TEST_F(InstalledContentTest, OfAnExpiredOrFutureCertificateIsRefused) {
  const auto file = bundle(signer_, "20");
  const auto facts = evidence::read_certificate(signer_.certificate).value();
  now_ = facts.not_after;
  EXPECT_TRUE(install(file)) << "the last second counts";
  now_ = facts.not_after + std::chrono::seconds(1);
  expect_refused(file, "expired");
  now_ = facts.not_before - std::chrono::seconds(1);
  expect_refused(file, "valid only from");
}

TEST_F(InstalledContentTest, OlderThanWhatIsInstalledIsRefusedUnlessAllowed) {
  ASSERT_TRUE(install(bundle(signer_, "20")));
  EXPECT_TRUE(install(bundle(signer_, "20"))) << "again";
  expect_refused(bundle(signer_, "19"), "--allow-older");
  EXPECT_TRUE(install(bundle(signer_, "19"), true));
}

TEST_F(InstalledContentTest, MadeInTheFutureIsRefused) {
  EXPECT_TRUE(install(bundle(signer_, "22")));  // less than a day ahead
  expect_refused(bundle(signer_, "23"), "compare the clocks");
}

TEST_F(InstalledContentTest, WithRulesOfOnesOwnThatDoNotFitIsRefused) {
  write(own("a.yaml"), rule("BASE-1", 5));
  const auto error = refusal(bundle(signer_, "20"));
  EXPECT_EQ(error.code(), Code::kConfiguration);
  EXPECT_TRUE(error.message().starts_with(own("a.yaml") + ":1: ")) << error.message();
}

TEST_F(InstalledContentTest, WithoutATrustedCertificateNothingIs) {
  const auto file = bundle(signer_, "20");
  std::filesystem::remove(places_.trust + "/head-office.pem");
  EXPECT_EQ(refusal(file).code(), Code::kConfiguration);
  write(places_.trust + "/broken.pem", "no certificate");
  EXPECT_NE(refusal(file).message().find("broken.pem:1: "), std::string::npos);
  places_.trust = folder_ + "/nowhere";
  EXPECT_EQ(refusal(file).code(), Code::kConfiguration);
}

TEST_F(InstalledContentTest, AFileThatIsNotThereIsNotFound) {
  EXPECT_EQ(refusal(folder_ + "/nothing").code(), Code::kNotFound);
}

}  // namespace
}  // namespace assay::collector
