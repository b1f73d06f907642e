#include "collector/identity/token.h"

#include <gtest/gtest.h>

namespace assay::collector {
namespace {

const auto kCa = evidence::sha256("the CA");

evidence::Seconds at(std::int64_t second) {
  return evidence::Seconds(std::chrono::seconds(second));
}

TEST(Token, IsASecretAndTheFingerprintOfTheCa) {
  const auto token = new_enrollment_token(kCa, at(100), std::chrono::hours(1)).value();
  ASSERT_EQ(token.text.size(), 43U + 1U + 64U);
  EXPECT_EQ(token.text.substr(43), "." + kCa.hex());
  EXPECT_EQ(token.text.substr(0, 43).find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopq"
                                                       "rstuvwxyz0123456789-_"),
            std::string::npos);
}

TEST(Token, IsKnownByTheHashOfItsSecretAlone) {
  const auto token = new_enrollment_token(kCa, at(100), std::chrono::hours(1)).value();
  EXPECT_EQ(token.record.hash, hash_of_token(token.text));
  EXPECT_EQ(token.record.hash, hash_of_token(token.text.substr(0, 43)));
  EXPECT_EQ(token.record.hash, evidence::sha256(token.text.substr(0, 43)));
}

TEST(Token, IsNeverMadeTwice) {
  const auto make = [] { return new_enrollment_token(kCa, at(0), std::chrono::hours(1))->text; };
  EXPECT_NE(make(), make());
}

TEST(Token, OfAPersonEndsOnlyWhenAsked) {
  const auto endless = new_person_token(kCa, "mei-ling", Role::kAdmin, at(1), std::nullopt).value();
  EXPECT_TRUE(endless.record.is_good(at(4'000'000'000)));
  const auto short_lived =
      new_person_token(kCa, "mei-ling", Role::kAdmin, at(1), std::chrono::seconds(10)).value();
  EXPECT_TRUE(short_lived.record.is_good(at(10)));
  EXPECT_FALSE(short_lived.record.is_good(at(11)));
}

TEST(Token, NeedsALifetimeAndAPersonAName) {
  EXPECT_FALSE(new_enrollment_token(kCa, at(0), std::chrono::seconds(0)));
  EXPECT_FALSE(new_person_token(kCa, "", Role::kAuditor, at(0), std::nullopt));
}

TEST(Token, APersonsNameIsTextThatCanBeShownAsItIs) {
  const auto made = [](const std::string& name) {
    return new_person_token(kCa, name, Role::kAuditor, at(0), std::nullopt);
  };
  EXPECT_TRUE(made("王美玲"));
  EXPECT_TRUE(made(std::string(200, 'a')));
  for (const auto& name : {std::string("\xff"), std::string("mei\xe7\x8e"), std::string("a\nb"),
                           std::string("a\0b", 3), std::string("\x7f"), std::string(201, 'a')}) {
    const auto refused = made(name);
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().code(), Code::kUsage);
  }
}

TEST(Uuid, IsRandomVersionFour) {
  const auto uuid = new_uuid().value();
  ASSERT_EQ(uuid.size(), 36U);
  EXPECT_EQ(uuid[14], '4');
  EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
  EXPECT_NE(uuid, new_uuid().value());
}

}  // namespace
}  // namespace assay::collector
