#include "collector/records/waiver_scope.h"

#include <gtest/gtest.h>

namespace assay::collector {
namespace {

using checks::State;

evidence::Seconds time_of(const std::string& text) {
  return evidence::from_timestamp(text).value();
}

Finding finding_on(const std::string& host, const std::string& key,
                   std::vector<std::string> frameworks = {"mild", "strict"}) {
  Finding finding;
  finding.id = evidence::sha256(host + key);
  finding.host_id = host;
  finding.check_id = "PWD-LENGTH";
  finding.frameworks = std::move(frameworks);
  return finding;
}

// Asked for on 2026-11-20, approved an hour later, until 2026-11-30.
Waiver waiver_for(WaiverScope scope) {
  Waiver waiver;
  waiver.id = "W-1";
  waiver.scope = std::move(scope);
  waiver.requested_at = time_of("2026-11-20T08:00:00Z");
  waiver.until = "2026-11-30";
  waiver.acts = {{WaiverAct::Kind::kApproved, {"t", "Mei"}, "", time_of("2026-11-20T09:00:00Z")}};
  return waiver;
}

class WaiverScopeTest : public testing::Test {
 protected:
  WaiverScopeTest() {
    rule_.id = "PWD-LENGTH";
    question_ = {&rule_, {}, {"mild", "strict"}};
    result_.state = State::kFail;
    result_.row_count = 2;
  }
  static WaiversInForce in_force(std::vector<Waiver> waivers,
                                 const std::string& when = "2026-11-25T00:00:00Z") {
    return {std::move(waivers), time_of(when)};
  }
  // "strict:fail mild:waived", in the order of the parts.
  std::string states(const WaiversInForce& waivers, const std::vector<Finding>& findings = {},
                     bool is_complete = true, const std::string& host = "web") {
    std::string out;
    for (const auto& part : waivers.of_verdict(verdict(), host, findings, is_complete))
      for (const auto& framework : part.verdict.frameworks())
        out += (out.empty() ? "" : " ") + framework + ":" +
               std::string(checks::name_of(part.verdict.result->state));
    return out;
  }

  checks::Check rule_;
  [[nodiscard]] checks::Verdict verdict() const {
    return {std::make_shared<const checks::Question>(question_),
            {},
            std::make_shared<const checks::CheckResult>(result_)};
  }

  checks::Question question_;
  checks::CheckResult result_;
  Finding a_ = finding_on("web", "a");
  Finding b_ = finding_on("web", "b");
};

TEST_F(WaiverScopeTest, ItHoldsFromItsApprovalThroughTheWholeOfItsLastDay) {
  const auto is_waived = [&](const std::string& when) {
    return in_force({waiver_for({"PWD-LENGTH", {}, {}, {}, {}})}, when).of_finding(a_).is_whole;
  };
  EXPECT_FALSE(is_waived("2026-11-20T07:59:59Z"));
  EXPECT_FALSE(is_waived("2026-11-20T08:59:59Z"));
  EXPECT_TRUE(is_waived("2026-11-20T09:00:00Z"));
  EXPECT_TRUE(is_waived("2026-11-30T00:00:00Z"));
  EXPECT_TRUE(is_waived("2026-11-30T23:59:59Z"));
  EXPECT_FALSE(is_waived("2026-12-01T00:00:00Z")) << "open again, and nobody had to act";
}

TEST_F(WaiverScopeTest, AWaiverThatWasRevokedHeldUntilThen) {
  auto waiver = waiver_for({"PWD-LENGTH", {}, {}, {}, {}});
  waiver.acts.push_back(
      {WaiverAct::Kind::kRevoked, {"t", "Lin"}, "", time_of("2026-11-25T12:00:00Z")});
  EXPECT_TRUE(in_force({waiver}, "2026-11-25T11:59:59Z").of_finding(a_).is_whole);
  EXPECT_FALSE(in_force({waiver}, "2026-11-25T12:00:00Z").of_finding(a_).is_whole);
}

TEST_F(WaiverScopeTest, ItCoversItsCheckAndItsHostsOnly) {
  const auto waivers = in_force({waiver_for({"PWD-LENGTH", {}, {"db", "web"}, {}, {}})});
  EXPECT_TRUE(waivers.of_finding(a_).is_whole);
  EXPECT_FALSE(waivers.of_finding(finding_on("other", "a")).is_whole);
  auto of_another_check = a_;
  of_another_check.check_id = "PWD-LENGTHS";
  EXPECT_FALSE(waivers.of_finding(of_another_check).is_whole);
  EXPECT_TRUE(waivers.may_cover("db"));
  EXPECT_FALSE(waivers.may_cover("other"));
}

TEST_F(WaiverScopeTest, AGroupIsWhoeverIsInIt) {
  const auto waiver = waiver_for({"PWD-LENGTH", {}, {"db"}, {"dmz", "branch"}, {}});
  const auto covered = [&](const GroupMembers& members) {
    const WaiversInForce waivers({waiver}, time_of("2026-11-25T00:00:00Z"), members);
    std::string out;
    for (const auto* host : {"db", "other", "web"})
      if (waivers.of_finding(finding_on(host, "a")).is_whole &&
          waivers.may_cover(host, "PWD-LENGTH"))
        out += std::string(host) + " ";
    return out;
  };
  EXPECT_EQ(covered({}), "db ") << "a group without a host is nobody, and not everybody";
  EXPECT_EQ(covered({{"dmz", {"web"}}, {"office", {"other"}}}), "db web ");
  EXPECT_EQ(covered({{"dmz", {"web"}}, {"branch", {"db", "other"}}}), "db other web ");
}

TEST_F(WaiverScopeTest, AFindingThatIsNotOpenIsNotWaived) {
  a_.state = FindingState::kResolved;
  const auto cover = in_force({waiver_for({"PWD-LENGTH", {}, {}, {}, {}})}).of_finding(a_);
  EXPECT_FALSE(cover.is_whole);
  EXPECT_TRUE(cover.waivers.empty());
}

TEST_F(WaiverScopeTest, AFindingStaysOpenUntilEveryFrameworkIsCovered) {
  const auto mild = waiver_for({"PWD-LENGTH", {}, {}, {}, {"mild"}});
  const auto cover = in_force({mild}).of_finding(a_);
  EXPECT_FALSE(cover.is_whole);
  EXPECT_EQ(cover.waivers.size(), 1U) << "and yet it is shown";
  EXPECT_TRUE(in_force({mild}).of_finding(a_, "mild").is_whole) << "as that framework sees it";
  EXPECT_FALSE(in_force({mild}).of_finding(a_, "strict").is_whole);
  const auto strict = waiver_for({"PWD-LENGTH", a_.id, {"web"}, {}, {"strict"}});
  const auto both = in_force({mild, strict});
  EXPECT_TRUE(both.of_finding(a_).is_whole);
  EXPECT_EQ(both.of_finding(a_).waivers.size(), 2U);
  EXPECT_FALSE(both.of_finding(b_).is_whole);
}

TEST_F(WaiverScopeTest, AFindingOfNoFrameworkIsCoveredByAWaiverForAll) {
  const auto finding = finding_on("web", "a", {});
  EXPECT_TRUE(in_force({waiver_for({"PWD-LENGTH", {}, {}, {}, {}})}).of_finding(finding).is_whole);
  EXPECT_FALSE(
      in_force({waiver_for({"PWD-LENGTH", {}, {}, {}, {"mild"}})}).of_finding(finding).is_whole);
}

TEST_F(WaiverScopeTest, AWaivedCheckIsWaivedWhateverItsRows) {
  const auto waivers = in_force({waiver_for({"PWD-LENGTH", {}, {"web"}, {}, {}})});
  EXPECT_EQ(states(waivers, {}, false), "mild:waived strict:waived");
  EXPECT_EQ(states(waivers, {}, true, "other"), "mild:fail strict:fail");
  EXPECT_EQ(waivers.of_verdict(verdict(), "web", {}, false)[0].waivers.size(), 1U);
}

TEST_F(WaiverScopeTest, AVerdictIsSplitByTheFrameworksOfTheWaiver) {
  EXPECT_EQ(states(in_force({waiver_for({"PWD-LENGTH", {}, {}, {}, {"strict"}})})),
            "mild:fail strict:waived");
}

TEST_F(WaiverScopeTest, OneUnwaivedFindingKeepsTheVerdictFailing) {
  const auto only_a = waiver_for({"PWD-LENGTH", a_.id, {"web"}, {}, {}});
  const auto only_b = waiver_for({"PWD-LENGTH", b_.id, {"web"}, {}, {}});
  EXPECT_TRUE(in_force({only_a}).needs_findings("web", "PWD-LENGTH"));
  EXPECT_EQ(states(in_force({only_a}), {a_, b_}), "mild:fail strict:fail");
  EXPECT_EQ(states(in_force({only_a, only_b}), {a_, b_}), "mild:waived strict:waived");
  b_.frameworks = {"strict"};
  EXPECT_EQ(states(in_force({only_a}), {a_, b_}), "mild:waived strict:fail");
}

TEST_F(WaiverScopeTest, RowsThatAreNotListedAreNotWaivedOneByOne) {
  const auto only_a = waiver_for({"PWD-LENGTH", a_.id, {"web"}, {}, {}});
  EXPECT_EQ(states(in_force({only_a}), {a_}, false), "mild:fail strict:fail");
  EXPECT_EQ(states(in_force({only_a}), {}, true), "mild:fail strict:fail") << "no finding at all";
}

TEST_F(WaiverScopeTest, WhatIsUnknownNeverBecomesWaived) {
  const auto waivers = in_force({waiver_for({"PWD-LENGTH", {}, {}, {}, {}})});
  result_.reason = "two rows could not be judged";
  EXPECT_EQ(states(waivers), "mild:unknown strict:unknown") << "the rest of a failing check";
  for (const auto state : {State::kUnknown, State::kPass, State::kNotApplicable, State::kStale}) {
    result_.state = state;
    EXPECT_EQ(states(waivers), "mild:" + std::string(checks::name_of(state)) +
                                   " strict:" + std::string(checks::name_of(state)));
  }
}

TEST_F(WaiverScopeTest, AVerdictOfNoFrameworkKeepsItsShape) {
  question_.frameworks.clear();
  const auto parts =
      in_force({waiver_for({"PWD-LENGTH", {}, {}, {}, {}})}).of_verdict(verdict(), "web", {}, true);
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].verdict.result->state, State::kWaived);
  EXPECT_TRUE(parts[0].verdict.frameworks().empty());
}

}  // namespace
}  // namespace assay::collector
