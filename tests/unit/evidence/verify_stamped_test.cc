// What a verifier says of time stamps in a bundle.
#include "evidence/ledger/time_stamp_exchange.h"
#include "tests/unit/evidence/ledger/logged_bundle.h"
#include "tests/unit/evidence/ledger/stamp_authority.h"

namespace assay::evidence {
namespace {

using Outcome = Verification::Outcome;

constexpr Seconds kWhen{std::chrono::sys_days(std::chrono::year(2026) / 11 / 20)};

// One manifest that is logged, and its checkpoint stamped.
class VerifyStamped : public LoggedBundle {
 protected:
  VerifyStamped() : LoggedBundle(1) { bundle_.stamps[sha256(checkpoint_)] = stamp(checkpoint_); }

  [[nodiscard]] std::string stamp(const std::string& note) const {
    const auto query = time_stamp_query(sha256(note)).value();
    return time_stamp_in(authority_.reply(query.der, kWhen), query, authority_.ca()).value();
  }
  [[nodiscard]] VerificationReport report(const std::string& authorities) const {
    auto trusted = trust();
    trusted.stamp_authorities = authorities;
    return verify(bundle_, trusted);
  }
  // How the line about the time stamp came out; nothing when there is none.
  [[nodiscard]] std::optional<Outcome> outcome(const std::string& authorities) const {
    for (const auto& entry : report(authorities).entries)
      if (entry.detail.en.find("time stamp") != std::string::npos ||
          entry.subject.en.find("time stamp") != std::string::npos)
        return entry.outcome;
    return std::nullopt;
  }

  StampAuthority authority_;
};

TEST_F(VerifyStamped, SaysNoLaterThanWhenItWasLogged) {
  const auto lines = report(authority_.ca());
  EXPECT_TRUE(lines.is_good());
  EXPECT_EQ(outcome(authority_.ca()), Outcome::kGood);
  bool is_said = false;
  for (const auto& entry : lines.entries) {
    EXPECT_NE(entry.outcome, Outcome::kBad) << entry.subject.en << ": " << entry.detail.en;
    is_said =
        is_said || entry.detail.zh_tw.find("最晚於 2026-11-20T00:00:00Z") != std::string::npos;
  }
  EXPECT_TRUE(is_said);
}

TEST_F(VerifyStamped, SurvivesTheBundleFile) {
  bundle_ = bundle_from_bytes(to_bytes(bundle_).value()).value();
  EXPECT_EQ(outcome(authority_.ca()), Outcome::kGood);
}

TEST_F(VerifyStamped, WithoutTheAuthoritysCaNothingIsClaimed) {
  EXPECT_EQ(outcome(""), Outcome::kNotChecked);
  EXPECT_TRUE(report("").is_good());
}

TEST_F(VerifyStamped, AManifestThatNoStampCoversIsNotCalledStamped) {
  bundle_.stamps.clear();
  EXPECT_EQ(outcome(""), std::nullopt);
  EXPECT_EQ(outcome(authority_.ca()), Outcome::kNotChecked);
}

TEST_F(VerifyStamped, AStampOfAnotherAuthorityIsBad) {
  EXPECT_EQ(outcome(StampAuthority().ca()), Outcome::kBad);
}

TEST_F(VerifyStamped, AStampOverSomethingElseIsBadEvenWithoutACa) {
  bundle_.stamps[sha256(checkpoint_)] = stamp("another checkpoint");
  EXPECT_EQ(outcome(""), Outcome::kBad);
  EXPECT_EQ(outcome(authority_.ca()), Outcome::kBad);
}

TEST_F(VerifyStamped, AnAlteredStampIsBadEvenWithoutACa) {
  auto& token = bundle_.stamps[sha256(checkpoint_)];
  token[token.size() - 4] = static_cast<char>(token[token.size() - 4] ^ 1);
  EXPECT_EQ(outcome(""), Outcome::kBad);
}

TEST_F(VerifyStamped, AStampThatNoProofNeedsIsBad) {
  bundle_.stamps.emplace(sha256("x"), stamp("x"));
  EXPECT_FALSE(report("").is_good());
}

}  // namespace
}  // namespace assay::evidence
