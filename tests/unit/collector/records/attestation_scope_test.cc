#include "collector/records/attestation_scope.h"

#include <gtest/gtest.h>

namespace assay::collector {
namespace {

class AttestationScopeTest : public testing::Test {
 protected:
  AttestationScopeTest() {
    checks::Framework framework;
    framework.id = "strict";
    framework.edition = "2021";
    content_.frameworks.push_back(framework);
  }
  static Attestation attestation(const std::string& id, std::vector<std::string> hosts = {}) {
    Attestation attestation;
    attestation.id = id;
    attestation.framework = "strict";
    attestation.edition = "2021";
    attestation.control = "3";
    attestation.hosts = std::move(hosts);
    attestation.until = "2026-11-30";
    attestation.recorded_at = evidence::from_timestamp("2026-11-20T08:00:00Z").value();
    return attestation;
  }
  AttestationsInForce at(std::vector<Attestation> all,
                         const std::string& when = "2026-11-25T00:00:00Z") {
    return {std::move(all), content_, evidence::from_timestamp(when).value()};
  }
  checks::Content content_;
};

TEST_F(AttestationScopeTest, ItCountsFromItsRecordThroughTheWholeOfItsLastDay) {
  const auto counts = [&](const std::string& when) {
    return at({attestation("ATT-1")}, when).find("strict", "3", "web") != nullptr;
  };
  EXPECT_FALSE(counts("2026-11-20T07:59:59Z"));
  EXPECT_TRUE(counts("2026-11-20T08:00:00Z"));
  EXPECT_TRUE(counts("2026-11-30T23:59:59Z"));
  EXPECT_FALSE(counts("2026-12-01T00:00:00Z"));
}

TEST_F(AttestationScopeTest, ItSaysNothingOfAnotherEditionControlOrHost) {
  EXPECT_EQ(at({attestation("ATT-1")}).find("strict", "4", "web"), nullptr);
  EXPECT_EQ(at({attestation("ATT-1")}).find("mild", "3", "web"), nullptr);
  EXPECT_EQ(at({attestation("ATT-1", {"db"})}).find("strict", "3", "web"), nullptr);
  EXPECT_NE(at({attestation("ATT-1", {"db"})}).find("strict", "3", "db"), nullptr);
  content_.frameworks[0].edition = "2025";
  EXPECT_EQ(at({attestation("ATT-1")}).find("strict", "3", "web"), nullptr);
}

TEST_F(AttestationScopeTest, OfAGroupItSpeaksForWhoeverIsInIt) {
  auto of_group = attestation("ATT-1");
  of_group.groups = {"dmz"};
  const AttestationsInForce all({of_group}, content_,
                                evidence::from_timestamp("2026-11-25T00:00:00Z").value(),
                                {{"dmz", {"web"}}});
  EXPECT_NE(all.find("strict", "3", "web"), nullptr);
  EXPECT_EQ(all.find("strict", "3", "db"), nullptr);
  EXPECT_EQ(at({of_group}).find("strict", "3", "web"), nullptr) << "nobody is in it";
}

TEST_F(AttestationScopeTest, TheNewestSpeaks) {
  const auto all = at({attestation("ATT-2", {"web"}), attestation("ATT-1")});
  EXPECT_EQ(all.find("strict", "3", "web")->id, "ATT-2");
  EXPECT_EQ(all.find("strict", "3", "db")->id, "ATT-1");
  EXPECT_EQ(all.all("strict", "3", [](const HostScope&) { return true; }).size(), 2U);
  const auto of_db = [](const HostScope& scope) { return scope.covers("db"); };
  EXPECT_EQ(all.all("strict", "3", of_db).size(), 1U);
}

TEST_F(AttestationScopeTest, AWithdrawnOneCountedUntilThen) {
  auto withdrawn = attestation("ATT-1");
  withdrawn.acts = {{AttestationAct::Kind::kWithdrawn,
                     {"t", "Lin"},
                     "",
                     evidence::from_timestamp("2026-11-25T12:00:00Z").value()}};
  EXPECT_NE(at({withdrawn}, "2026-11-25T11:59:59Z").find("strict", "3", "web"), nullptr);
  EXPECT_EQ(at({withdrawn}, "2026-11-25T12:00:00Z").find("strict", "3", "web"), nullptr);
}

}  // namespace
}  // namespace assay::collector
