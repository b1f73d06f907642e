#include "collector/identity/authority.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "collector/identity/certificate_maker.h"
#include "collector/identity/key_file.h"
#include "evidence/signature.h"
#include "tests/integration/collector/signing_request.h"

namespace assay::collector {
namespace {

const evidence::Seconds kNow = evidence::from_timestamp("2026-11-21T04:00:00Z").value();

class AuthorityTest : public testing::Test {
 protected:
  void SetUp() override {
    auto pattern = (std::filesystem::temp_directory_path() / "assay-identity-XXXXXX").string();
    root_ = ::mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(root_); }
  std::string folder() const { return root_ + "/identity"; }
  Authority create() const {
    return Authority::create(folder(), {"collector.example", "127.0.0.1"}, kNow).value();
  }
  static unsigned mode_of(const std::string& path) {
    struct stat facts{};
    return ::stat(path.c_str(), &facts) == 0 ? facts.st_mode & 0777U : 0;
  }
  std::string root_;
};

TEST_F(AuthorityTest, IsTheSameWhenOpenedAgain) {
  const auto made = create();
  const auto opened = Authority::open(folder());
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->fingerprint(), made.fingerprint());
  EXPECT_EQ(opened->ca_certificate(), made.ca_certificate());
}

TEST_F(AuthorityTest, IsNeverOverwritten) {
  create();
  const auto again = Authority::create(folder(), {"localhost"}, kNow);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code(), Code::kConflict);
}

TEST_F(AuthorityTest, KeepsItsFilesToItself) {
  ASSERT_TRUE(create().server(kNow));
  EXPECT_EQ(mode_of(folder()), 0700U);
  for (const auto& file : std::filesystem::directory_iterator(folder()))
    EXPECT_EQ(mode_of(file.path()), 0600U) << file.path();
}

TEST_F(AuthorityTest, RefusesAKeyThatOthersCanRead) {
  create();
  ::chmod((folder() + "/ca.key").c_str(), 0640);
  const auto opened = Authority::open(folder());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code(), Code::kRefused);
}

TEST_F(AuthorityTest, IssuesToAgentsForThirtyDays) {
  const auto authority = create();
  const auto key = evidence::new_private_key().value();
  const auto pem = authority.issue_agent(signing_request(key), "host-1", kNow);
  ASSERT_TRUE(pem) << pem.error().message();
  const auto facts = evidence::read_certificate(*pem).value();
  EXPECT_EQ(facts.host_id, "host-1");
  EXPECT_EQ(facts.trust_domain, "assay");
  EXPECT_EQ(facts.not_after, kNow + std::chrono::days(30));
  EXPECT_TRUE(evidence::verify_issued_by(*pem, authority.ca_certificate(), kNow));
  EXPECT_TRUE(evidence::verify_signature(*pem, "x", evidence::sign(key, "x").value()));
}

TEST_F(AuthorityTest, GivesEveryCertificateASerialOfItsOwn) {
  const auto authority = create();
  const auto request = signing_request(evidence::new_private_key().value());
  const auto serial = [&] {
    return evidence::read_certificate(authority.issue_agent(request, "host-1", kNow).value())
        ->serial;
  };
  EXPECT_NE(serial(), serial());
}

TEST_F(AuthorityTest, RefusesWhatIsNotARequestOfItsOwnKey) {
  const auto authority = create();
  auto altered = signing_request(evidence::new_private_key().value());
  altered[altered.size() / 2] = altered[altered.size() / 2] == 'A' ? 'B' : 'A';
  for (const std::string& request : {std::string("nothing"), std::string(), altered}) {
    const auto issued = authority.issue_agent(request, "host-1", kNow);
    ASSERT_FALSE(issued);
    EXPECT_EQ(issued.error().code(), Code::kInvalidData);
  }
  EXPECT_EQ(authority.issue_agent(std::string(20'000, 'x'), "h", kNow).error().code(),
            Code::kTooLarge);
}

TEST_F(AuthorityTest, RefusesARequestForAnotherCurve) {
  EXPECT_EQ(create().issue_agent(signing_request(new_key_on("P-384")), "h", kNow).error().code(),
            Code::kInvalidData);
}

TEST_F(AuthorityTest, KeepsTheServersCertificateUntilAThirdOfItsLifeIsGone) {
  const auto authority = create();
  const auto first = authority.server(kNow)->certificate;
  EXPECT_EQ(authority.server(kNow + std::chrono::days(100))->certificate, first);
  EXPECT_NE(authority.server(kNow + std::chrono::days(150))->certificate, first);
}

TEST_F(AuthorityTest, MakesTheServersCertificateAnewForOtherNames) {
  const auto authority = create();
  const auto first = authority.server(kNow)->certificate;
  ASSERT_TRUE(write_key_file(folder() + "/names", "other.example\n"));
  EXPECT_NE(authority.server(kNow)->certificate, first);
}

TEST_F(AuthorityTest, RefusesNamesThatAreNone) {
  for (const auto* name : {"a b", "", "x,URI:spiffe://assay/agent/1", "名稱"}) {
    const auto made = Authority::create(folder(), {name}, kNow);
    ASSERT_FALSE(made) << name;
    EXPECT_EQ(made.error().code(), Code::kUsage);
  }
}

}  // namespace
}  // namespace assay::collector
