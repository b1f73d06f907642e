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
    return at({attestation("A-1")}, when).find("strict", "3", "web") != nullptr;
  };
  EXPECT_FALSE(counts("2026-11-20T07:59:59Z"));
  EXPECT_TRUE(counts("2026-11-20T08:00:00Z"));
  EXPECT_TRUE(counts("2026-11-30T23:59:59Z"));
  EXPECT_FALSE(counts("2026-12-01T00:00:00Z"));
}

TEST_F(AttestationScopeTest, ItSaysNothingOfAnotherEditionControlOrHost) {
  EXPECT_EQ(at({attestation("A-1")}).find("strict", "4", "web"), nullptr);
  EXPECT_EQ(at({attestation("A-1")}).find("mild", "3", "web"), nullptr);
  EXPECT_EQ(at({attestation("A-1", {"db"})}).find("strict", "3", "web"), nullptr);
  EXPECT_NE(at({attestation("A-1", {"db"})}).find("strict", "3", "db"), nullptr);
  content_.frameworks[0].edition = "2025";
  EXPECT_EQ(at({attestation("A-1")}).find("strict", "3", "web"), nullptr);
}

TEST_F(AttestationScopeTest, TheNewestSpeaks) {
  const auto all = at({attestation("A-2", {"web"}), attestation("A-1")});
  EXPECT_EQ(all.find("strict", "3", "web")->id, "A-2");
  EXPECT_EQ(all.find("strict", "3", "db")->id, "A-1");
  EXPECT_EQ(all.all("strict", "3").size(), 2U);
}

TEST_F(AttestationScopeTest, AWithdrawnOneCountedUntilThen) {
  auto withdrawn = attestation("A-1");
  withdrawn.acts = {{AttestationAct::Kind::kWithdrawn,
                     {"t", "Lin"},
                     "",
                     evidence::from_timestamp("2026-11-25T12:00:00Z").value()}};
  EXPECT_NE(at({withdrawn}, "2026-11-25T11:59:59Z").find("strict", "3", "web"), nullptr);
  EXPECT_EQ(at({withdrawn}, "2026-11-25T12:00:00Z").find("strict", "3", "web"), nullptr);
}

}  // namespace
}  // namespace assay::collector
