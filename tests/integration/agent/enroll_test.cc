#include "tests/integration/agent/machine.h"

namespace assay::agent {
namespace {

using EnrollTest = MachineTest;

TEST_F(EnrollTest, ATokenBecomesAnIdentity) {
  enroll_machine();
  const auto identity = load_identity(state_);
  ASSERT_TRUE(identity) << identity.error().message();
  EXPECT_EQ(identity->collector, address());
  EXPECT_EQ(store().host(host_id_)->id, host_id_);
}

TEST_F(EnrollTest, ATokenIsGoodOnce) {
  const auto text = enrollment_token_from(token()).value();
  ASSERT_TRUE(enroll(state_, address(), text));
  const auto before = load_identity(state_)->certificate;
  EXPECT_EQ(enroll(state_, address(), text).error().code(), Code::kUnauthenticated);
  EXPECT_EQ(load_identity(state_)->certificate, before);
}

TEST_F(EnrollTest, AnExpiredTokenIsRefused) {
  const auto text = enrollment_token_from(token(std::chrono::seconds(-1))).value();
  EXPECT_EQ(enroll(state_, address(), text).error().code(), Code::kUnauthenticated);
}

TEST_F(EnrollTest, ACollectorWithAnotherCaDoesNotGetTheToken) {
  auto text = enrollment_token_from(token()).value();
  const auto right = text.authority;
  text.authority = evidence::sha256("another CA");
  const auto refused = enroll(state_, address(), text);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::kUnauthenticated);
  EXPECT_EQ(load_identity(state_).error().code(), Code::kNotFound);
  // It was not sent: it is still good.
  text.authority = right;
  EXPECT_TRUE(enroll(state_, address(), text));
}

TEST_F(EnrollTest, RenewingGivesANewKeyForTheSameHost) {
  enroll_machine();
  const auto before = load_identity(state_).value();
  const auto done = renew(state_, before, open_channel(address(), before));
  ASSERT_TRUE(done) << done.error().message();
  const auto after = load_identity(state_).value();
  EXPECT_EQ(after.host_id, before.host_id);
  EXPECT_NE(after.key, before.key);
  EXPECT_TRUE(renew(state_, after, open_channel(address(), after)));
}

}  // namespace
}  // namespace assay::agent
