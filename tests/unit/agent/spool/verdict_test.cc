#include "agent/spool/verdict.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

const evidence::Seconds kWhen = evidence::from_date("2026-11-21").value();

TEST(Verdict, ReceiptAndRefusalGoThroughJson) {
  for (const auto& verdict :
       {Verdict{true, kWhen, "", ""}, Verdict{false, kWhen, "fork", "line\n\"quoted\" 中文"}})
    EXPECT_EQ(verdict_from_json(to_json(verdict)).value(), verdict);
}

TEST(Verdict, ALongDetailIsCutSoThatTheFileIsReadable) {
  const Verdict verdict{false, kWhen, "fork", std::string(1 << 20, '\xff')};
  EXPECT_LT(to_json(verdict).size(), kMaxVerdictBytes);
  EXPECT_TRUE(verdict_from_json(to_json(verdict)));
}

TEST(Verdict, RefusesWhatIsNoVerdict) {
  for (const auto* json : {"", "[]", "{}", "{\"verdict\":\"maybe\"}", "{\"verdict\":\"receipt\"}"})
    EXPECT_EQ(verdict_from_json(json).error().code(), Code::kInvalidData) << json;
}

}  // namespace
}  // namespace assay::agent
