#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "checks/engine/compiler.h"

namespace assay::checks {
namespace {

using nlohmann::json;

constexpr std::string_view kNetworks = R"(table: networks
source: the company
retrieved: 2026-11-01
rows:
  - {network: 10.0.0.0/8, zone: inside}
)";

class ContentFromJsonTest : public testing::Test {
 protected:
  void SetUp() override {
    Compiler compiler;
    compiler.add(kNetworks, "networks.yaml");
    auto content = std::move(compiler).finish();
    ASSERT_TRUE(content) << content.error().message();
    text_ = to_json(*content);
    digest_ = content->references.at("networks").digest;
    parts_ = json::parse(text_);
  }

  std::string refusal(Digests digests = Digests::kComputed) const {
    const auto content = content_from_json(parts_.dump(), digests);
    return content ? "accepted" : content.error().message();
  }

  std::string text_;
  json parts_;
  evidence::Digest digest_;
};

TEST_F(ContentFromJsonTest, DigestsAreComputedOrTakenAsTheyStand) {
  const auto computed = content_from_json(text_);
  ASSERT_TRUE(computed) << computed.error().message();
  EXPECT_EQ(computed->digest, evidence::sha256(text_));
  EXPECT_EQ(computed->references.at("networks").digest, digest_);
  const auto written = content_from_json(text_, Digests::kAsWritten);
  ASSERT_TRUE(written) << written.error().message();
  EXPECT_EQ(written->digest, evidence::Digest());
  EXPECT_EQ(written->references.at("networks").digest, digest_);
}

TEST_F(ContentFromJsonTest, ATableThatWasAlteredIsFound) {
  auto& table = parts_["references"][0]["table"];
  auto bytes = table.get<std::string>();
  bytes.replace(bytes.find("inside"), 6, "beside");
  table = bytes;
  EXPECT_EQ(refusal(),
            "the compiled content is damaged: a reference table has another digest than the one "
            "beside it");
}

TEST_F(ContentFromJsonTest, ADigestThatIsMissingCannotBeTaken) {
  parts_["references"][0].erase("digest");
  EXPECT_EQ(refusal(), "accepted");
  EXPECT_NE(refusal(Digests::kAsWritten), "accepted");
}

TEST_F(ContentFromJsonTest, WhatIsMissingOrOfAnotherTypeIsDamage) {
  for (const auto* change :
       {R"([{"op": "remove", "path": "/references/0/table"}])",
        R"([{"op": "replace", "path": "/references/0/table", "value": 5}])",
        R"([{"op": "replace", "path": "/references/0/max_age_days", "value": "long"}])",
        R"([{"op": "replace", "path": "/checks", "value": {}}])",
        R"([{"op": "replace", "path": "/checks", "value": [{}]}])",
        R"([{"op": "replace", "path": "/frameworks", "value": [[]]}])",
        R"([{"op": "replace", "path": "/parameters", "value": [["a"]]}])",
        R"([{"op": "remove", "path": "/assay"}])"}) {
    const auto before = parts_;
    parts_ = parts_.patch(json::parse(change));
    EXPECT_TRUE(refusal().starts_with("the compiled content is damaged: ")) << change;
    parts_ = before;
  }
  parts_["assay"] = "content/2";
  EXPECT_EQ(refusal(), "the compiled content is of another format version");
}

TEST_F(ContentFromJsonTest, EveryCutIsDamage) {
  for (std::size_t size = 0; size < text_.size(); size += 7)
    EXPECT_FALSE(content_from_json(text_.substr(0, size))) << size;
}

}  // namespace
}  // namespace assay::checks
