#include "collector/api/authentication.h"

#include "tests/unit/collector/api/world.h"

namespace assay::collector::api {
namespace {

class AuthenticationTest : public World {
 protected:
  // The person's name, or the code of the refusal.
  std::string try_with(const std::string& authorization, const std::string& address = "10.0.0.1") {
    const auto person = authentication_.person(authorization, address, now_, &retry_after_);
    return person ? person->name : std::string(name_of(person.error().code()));
  }

  Authentication authentication_{*store_};
  std::chrono::seconds retry_after_{};
};

TEST_F(AuthenticationTest, APersonsTokenLogsIn) {
  EXPECT_EQ(try_with("Bearer " + add_person("Mei-ling")), "Mei-ling");
}

TEST_F(AuthenticationTest, WithoutATokenNobodyIsKnown) {
  const auto secret = add_person("Mei-ling");
  const std::vector<std::string> kBad = {"",
                                         "Bearer ",
                                         "bearer " + secret,
                                         "Basic " + secret,
                                         secret,
                                         "Bearer x" + secret,
                                         "Bearer " + std::string(10'000, 'x')};
  for (const auto& bad : kBad)
    EXPECT_EQ(try_with(bad, "10.0.0." + std::to_string(bad.size())), "unauthenticated") << bad;
}

TEST_F(AuthenticationTest, AnEnrollmentTokenIsNoPerson) {
  const auto token = new_enrollment_token({}, now_, std::chrono::hours(1)).value();
  ASSERT_TRUE(store_->add_token(token.record));
  EXPECT_EQ(try_with("Bearer " + token.text), "unauthenticated");
}

TEST_F(AuthenticationTest, ATokenEndsWithItsLifetimeAndWhenRevoked) {
  const auto brief = add_person("Brief", Role::kAuditor, std::chrono::hours(1));
  const auto revoked = add_person("Gone");
  const auto id = store_->token(hash_of_token(revoked)).value().id;
  ASSERT_TRUE(store_->revoke_token(id, now_));
  EXPECT_EQ(try_with("Bearer " + revoked), "unauthenticated");
  EXPECT_EQ(try_with("Bearer " + brief), "Brief");
  wait(std::chrono::hours(2));
  EXPECT_EQ(try_with("Bearer " + brief), "unauthenticated");
}

TEST_F(AuthenticationTest, GuessingIsSlowedDownByAddress) {
  const auto good = "Bearer " + add_person("Mei-ling");
  for (std::size_t i = 0; i < kMaxFailedLogins; ++i)
    EXPECT_EQ(try_with("Bearer no"), "unauthenticated");
  EXPECT_EQ(try_with(good), "timed_out") << "even the right token must wait";
  EXPECT_EQ(retry_after_, kFailureWindow);
  EXPECT_EQ(try_with(good, "10.0.0.2"), "Mei-ling") << "others are not made to wait";
  wait(kFailureWindow);
  EXPECT_EQ(try_with(good), "Mei-ling");
}

TEST_F(AuthenticationTest, RememberedAddressesAreBounded) {
  FailedLogins failed;
  for (std::size_t i = 0; i < kMaxFailedLogins; ++i) failed.add("first", now_);
  for (std::size_t i = 0; i < kMaxRememberedAddresses; ++i)
    failed.add(std::to_string(i), now_ + std::chrono::seconds(1));
  EXPECT_EQ(failed.wait("first", now_ + std::chrono::seconds(1)).count(), 0)
      << "the oldest one made room";
}

}  // namespace
}  // namespace assay::collector::api
