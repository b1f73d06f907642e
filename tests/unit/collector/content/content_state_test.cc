#include "collector/content/content_state.h"

#include "tests/unit/collector/content/files.h"

namespace assay::collector {
namespace {

class ContentStateTest : public ContentFiles {
 protected:
  ContentStateTest() {
    state_ = state_of(shipped_content(0));
    state_.loaded_since = "2026-11-20T00:00:00Z";
    state_.origin.kind = ContentOrigin::Kind::kBundle;
    state_.origin.path = "/state/content/installed.bundle";
    state_.origin.bundle = BundleFacts{
        "Head office", "2026-11-01T12:00:00Z", 20, {"a.pem", "ab", "2027-01-01T00:00:00Z"}};
    state_.failure = ContentFailure{
        "/own/a\n.yaml", 7, "no such\x1b column", 2, "2026-11-21T00:00:00Z", Code::kConfiguration};
  }
  ContentState state_;
};

TEST_F(ContentStateTest, IsTheSameAfterBeingWrittenAndRead) {
  const auto json = to_json(state_, now_);
  const auto read = content_state_from_json(json.dump());
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->origin, state_.origin);
  EXPECT_EQ(to_json(*read, now_)["references"], json["references"]);
  EXPECT_EQ(read->failure->line, 7);
  for (const auto* text : {"", "{}", "[]", "{\"digest\": 5}"})
    EXPECT_EQ(content_state_from_json(text).error().code(), Code::kInvalidData) << text;
}

TEST_F(ContentStateTest, PassesItsLimitWithTheDayAfterTheLast) {
  const auto& bundle = *state_.origin.bundle;
  EXPECT_EQ(valid_until(bundle), "2026-11-21");
  EXPECT_EQ(age_days(bundle, now_), 19);
  EXPECT_FALSE(is_past_limit(bundle, evidence::from_timestamp("2026-11-21T23:59:59Z").value()));
  EXPECT_TRUE(is_past_limit(bundle, evidence::from_timestamp("2026-11-22T00:00:00Z").value()));
}

TEST_F(ContentStateTest, IsToldOnOneLineWhateverTheFileHolds) {
  EXPECT_EQ(state_.failure->text(), "/own/a .yaml:7: no such  column (and 2 more)");
  EXPECT_EQ(to_json(state_, now_)["state"], "last_good");
  EXPECT_EQ(to_json(state_, now_)["bundle"]["is_past_limit"], false);
}

}  // namespace
}  // namespace assay::collector
