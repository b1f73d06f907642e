// Queries to a time-stamp authority, its replies, and its tokens years later.
#include <gtest/gtest.h>

#include "evidence/ledger/time_stamp_exchange.h"
#include "evidence/ledger/time_stamp_token.h"
#include "tests/unit/evidence/ledger/stamp_authority.h"

namespace assay::evidence {
namespace {

constexpr Seconds kWhen{std::chrono::sys_days(std::chrono::year(2026) / 11 / 20)};

class TimeStampTest : public testing::Test {
 protected:
  [[nodiscard]] Result<std::string> answer_to(const TimeStampQuery& query) const {
    return time_stamp_in(authority_.reply(query.der, kWhen), query_, authority_.ca());
  }
  [[nodiscard]] std::string token() const { return answer_to(query_).value(); }

  // The code of a failure.
  template <typename T>
  static std::string refused(const Result<T>& result) {
    return result ? "no failure" : std::string(name_of(result.error().code()));
  }

  StampAuthority authority_;
  Digest imprint_ = sha256("a checkpoint");
  TimeStampQuery query_ = time_stamp_query(imprint_).value();
};

TEST_F(TimeStampTest, SaysWhenAndByWhom) {
  const auto got = answer_to(query_);
  ASSERT_TRUE(got) << got.error().message();
  const auto stamp = verify_time_stamp(*got, imprint_, authority_.ca());
  ASSERT_TRUE(stamp) << stamp.error().message();
  EXPECT_EQ(stamp->imprint, imprint_);
  EXPECT_EQ(stamp->at, kWhen);
  EXPECT_EQ(stamp->serial, "2A");
  EXPECT_EQ(stamp->authority, "CN=agent");
  EXPECT_EQ(read_time_stamp(*got)->at, kWhen);
}

TEST_F(TimeStampTest, EveryQueryHasANonceOfItsOwn) {
  EXPECT_NE(time_stamp_query(imprint_)->nonce, query_.nonce);
}

TEST_F(TimeStampTest, AnAnswerToAnotherQueryIsRefused) {
  EXPECT_EQ(refused(answer_to(time_stamp_query(imprint_).value())), "unauthenticated");
  auto other = query_;
  other.imprint = sha256("something else");
  EXPECT_EQ(refused(time_stamp_in(authority_.reply(query_.der, kWhen), other, authority_.ca())),
            "unauthenticated");
}

TEST_F(TimeStampTest, ADeclinedQueryIsToldAsSuch) {
  TimeStampQuery nonsense = query_;
  nonsense.der = "nonsense";
  const auto declined = answer_to(nonsense);
  EXPECT_EQ(refused(declined), "refused");
  EXPECT_NE(declined.error().message().find("badDataFormat"), std::string::npos)
      << declined.error().message();
  EXPECT_NE(declined.error().text().zh_tw.find("未核發"), std::string::npos);
}

TEST_F(TimeStampTest, AnotherAuthorityIsRefused) {
  const StampAuthority other({.name = "Another CA"});
  EXPECT_EQ(refused(verify_time_stamp(token(), imprint_, StampAuthority().ca())), "unauthenticated")
      << "of the same name";
  EXPECT_EQ(refused(time_stamp_in(authority_.reply(query_.der, kWhen), query_, other.ca())),
            "unauthenticated");
  EXPECT_EQ(refused(verify_time_stamp(token(), imprint_, other.ca())), "unauthenticated");
  EXPECT_TRUE(verify_time_stamp(token(), imprint_, other.ca() + authority_.ca()))
      << "one of several is enough";
}

TEST_F(TimeStampTest, ACertificateThatIsNotForTimeStampsAloneIsRefused) {
  for (const auto* use :
       {"", "timeStamping", "critical,serverAuth", "critical,timeStamping,serverAuth"}) {
    const StampAuthority other({.extended_use = use});
    EXPECT_NE(refused(time_stamp_in(other.reply(query_.der, kWhen), query_, other.ca())),
              "no failure")
        << use;
  }
}

TEST_F(TimeStampTest, ACertificateHoldsForTheTimeOfTheStampWhateverTheTimeIsNow) {
  const StampAuthority past(
      {.not_before = Seconds(std::chrono::sys_days(std::chrono::year(2011) / 1 / 1)),
       .not_after = Seconds(std::chrono::sys_days(std::chrono::year(2012) / 1 / 1))});
  const Seconds then(std::chrono::sys_days(std::chrono::year(2011) / 6 / 1));
  const auto got = time_stamp_in(past.reply(query_.der, then), query_, past.ca());
  EXPECT_TRUE(got) << got.error().message();
  EXPECT_EQ(refused(time_stamp_in(past.reply(query_.der, kWhen), query_, past.ca())),
            "unauthenticated")
      << "it had ended when it stamped";
}

TEST_F(TimeStampTest, GarbageAndTooMuchAreRefused) {
  const auto good = authority_.reply(query_.der, kWhen);
  for (const auto& bytes :
       {std::string(), std::string("nonsense"), good + "x", good.substr(0, good.size() - 1),
        std::string(kMaxTimeStampBytes + 1, '0'), token()})
    EXPECT_EQ(refused(time_stamp_in(bytes, query_, authority_.ca())), "invalid_data")
        << bytes.size();
  for (const auto& bytes : {std::string(), std::string("nonsense"), token() + "x", good,
                            std::string(kMaxTimeStampBytes + 1, '0')})
    EXPECT_EQ(refused(read_time_stamp(bytes)), "invalid_data") << bytes.size();
}

TEST_F(TimeStampTest, AnAlteredTokenNeverSaysAnythingElse) {
  const auto good = token();
  const auto said = read_time_stamp(good).value();
  int found = 0;
  for (std::size_t i = 0; i < good.size(); ++i) {
    auto altered = good;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    const auto stamp = verify_time_stamp(altered, imprint_, authority_.ca());
    if (!stamp) {
      ++found;
      continue;
    }
    EXPECT_EQ(stamp->at, said.at) << i;
    EXPECT_EQ(stamp->serial, said.serial) << i;
    EXPECT_EQ(stamp->authority, said.authority) << i;
  }
  EXPECT_GT(found, static_cast<int>(good.size()) * 95 / 100)
      << "but for how algorithms are spelt, which nothing signs";
}

TEST_F(TimeStampTest, AuthoritiesAreCertificatesAndNothingElse) {
  EXPECT_TRUE(check_stamp_authorities(authority_.ca()));
  EXPECT_TRUE(check_stamp_authorities("a remark\n" + authority_.ca() + authority_.ca()));
  auto broken = authority_.ca();
  broken[100] = '!';
  for (const auto& pem : {std::string(), std::string("nonsense"), broken, authority_.ca() + broken,
                          std::string(kMaxStampAuthoritiesBytes + 1, '\n')})
    EXPECT_FALSE(check_stamp_authorities(pem));
}

}  // namespace
}  // namespace assay::evidence
