#include "agent/identity/identity.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/unit/agent/scratch_folder.h"
#include "tests/unit/evidence/authority.h"

namespace assay::agent {
namespace {

const auto kNow = evidence::from_date("2026-11-21").value();

class IdentityTest : public testing::Test {
 protected:
  IdentityTest() : state_(scratch_.root() + "/state") { EXPECT_TRUE(state_.prepare()); }

  [[nodiscard]] Identity make(const std::string& host = "host-1") const {
    const auto agent = evidence::make_agent(authority_, host);
    return {host, agent.key, agent.certificate, authority_.certificate, "collector:7443"};
  }
  void rename(const char* from, const char* to) const {
    std::filesystem::rename(state_.identity() + "/" + from, state_.identity() + "/" + to);
  }

  ScratchFolder scratch_;
  StateFolder state_;
  evidence::KeyAndCertificate authority_ = evidence::make_authority();
};

TEST_F(IdentityTest, AMachineThatIsNotEnrolledSaysSo) {
  EXPECT_EQ(load_identity(state_).error().code(), Code::kNotFound);
}

TEST_F(IdentityTest, WhatIsStoredIsLoaded) {
  const auto identity = make();
  ASSERT_TRUE(check_identity(identity, kNow));
  ASSERT_TRUE(store_identity(state_, identity));
  const auto loaded = load_identity(state_);
  ASSERT_TRUE(loaded) << loaded.error().message();
  EXPECT_EQ(loaded->host_id, "host-1");
  EXPECT_EQ(loaded->key, identity.key);
  EXPECT_EQ(loaded->collector, "collector:7443");
}

TEST_F(IdentityTest, NobodyElseMayReadTheKey) {
  ASSERT_TRUE(store_identity(state_, make()));
  struct stat status{};
  ASSERT_EQ(::stat((state_.identity() + "/agent.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
}

TEST_F(IdentityTest, ACertificateOfAnotherCaOrHostOrTimeIsNotTaken) {
  auto foreign = make();
  foreign.ca = evidence::make_authority().certificate;
  EXPECT_EQ(check_identity(foreign, kNow).error().code(), Code::kUnauthenticated);
  auto renamed = make();
  renamed.host_id = "host-2";
  EXPECT_FALSE(check_identity(renamed, kNow));
  EXPECT_FALSE(check_identity(make(), evidence::from_date("2027-01-01").value()));
}

TEST_F(IdentityTest, ARenewalInterruptedBetweenItsRenamesStillLoads) {
  ASSERT_TRUE(store_identity(state_, make()));
  const auto next = make();
  ASSERT_TRUE(store_renewed(state_, next.key, next.certificate));
  // As it is when the process dies before the certificate was moved into place.
  rename("agent.crt", "agent.crt.next");
  scratch_.write("state/identity/agent.crt", make().certificate);
  const auto loaded = load_identity(state_);
  ASSERT_TRUE(loaded) << loaded.error().message();
  EXPECT_EQ(loaded->key, next.key);
  EXPECT_EQ(loaded->certificate, next.certificate);
}

TEST_F(IdentityTest, FilesThatDoNotBelongTogetherAreRefused) {
  ASSERT_TRUE(store_identity(state_, make()));
  scratch_.write("state/identity/agent.key", make().key);
  EXPECT_EQ(load_identity(state_).error().code(), Code::kInvalidData);
}

TEST_F(IdentityTest, RenewalIsDueAtTwoThirds) {
  evidence::CertificateFacts facts;
  facts.not_before = kNow;
  facts.not_after = kNow + std::chrono::hours(30);
  EXPECT_EQ(renewal_due(facts), kNow + std::chrono::hours(20));
}

}  // namespace
}  // namespace assay::agent
