// Approvals over the content, and when hosts are judged by them.
#include "collector/records/approvals.h"

#include <gtest/gtest.h>

#include "collector/evaluation/content_keeper.h"
#include "evidence/canonical.h"
#include "tests/unit/collector/store/sqlite_engine.h"

namespace assay::collector {
namespace {

class ApprovalsTest : public testing::Test {
 protected:
  ApprovalsTest() {
    store_ = sqlite::SqliteStore::open({folder_.file(), 2, 0}).value();
    auto content = std::make_shared<checks::Content>();
    const auto* spec = evidence::find_table("allowlist");
    auto& list = content->references["allowlist"];
    list.table = std::make_shared<const evidence::Table>(*spec);
    list.unavailable = "no allow-list has been approved yet";
    list.digest = evidence::sha256(evidence::to_canonical(*list.table).value());
    content->digest = evidence::sha256("base");
    base_ = content;
  }
  void approve(const std::string& name, const std::string& until = {}) {
    Approval approval{"",    "allowlist", R"({"kind":"deb","name":")" + name + "\"}",
                      until, "why",       {"t", "Mei-ling"},
                      now_,  std::nullopt};
    ASSERT_TRUE(store_->approve(std::vector{approval}));
  }
  std::shared_ptr<const checks::Content> content() {
    auto made = with_approvals(base_, *store_, now_);
    EXPECT_TRUE(made) << made.error().message();
    return *made;
  }

  sqlite::TestFolder folder_;
  std::unique_ptr<Store> store_;
  std::shared_ptr<const checks::Content> base_;
  evidence::Seconds now_ = evidence::from_timestamp("2026-11-21T05:00:00Z").value();
};

TEST_F(ApprovalsTest, WithoutAnyTheContentIsThatOfTheFiles) {
  EXPECT_EQ(content(), base_);
}

TEST_F(ApprovalsTest, AnApprovalMakesTheListAvailable) {
  approve("nginx");
  const auto now = content();
  const auto& list = now->references.at("allowlist");
  EXPECT_EQ(list.unavailable, "");
  EXPECT_EQ(list.table->at(0, "name"), evidence::Value("nginx"));
  EXPECT_EQ(list.table->at(0, "approved_by"), evidence::Value("Mei-ling"));
  EXPECT_NE(list.digest, base_->references.at("allowlist").digest);
  EXPECT_NE(content()->digest, base_->digest);
  EXPECT_NE(base_->references.at("allowlist").unavailable, "") << "the base is as it was";
}

TEST_F(ApprovalsTest, TheDigestChangesWithTheRowsAndWithNothingElse) {
  approve("nginx");
  const auto first = content()->digest;
  now_ += std::chrono::hours(1);
  EXPECT_EQ(content()->digest, first);
  approve("curl");
  EXPECT_NE(content()->digest, first);
}

TEST_F(ApprovalsTest, AnApprovalEndsByItself) {
  approve("nginx", "2026-11-21");
  EXPECT_NE(content(), base_);
  now_ = evidence::from_timestamp("2026-11-21T23:59:59Z").value();
  EXPECT_NE(content(), base_);
  now_ += std::chrono::seconds(1);
  EXPECT_EQ(content(), base_);
}

TEST_F(ApprovalsTest, TheKeeperHandsOnWhatChangedAndNoticesANewDay) {
  Evaluator evaluator(*store_, base_, [this] { return now_; });
  ContentKeeper keeper(*store_, evaluator, base_, [this] { return now_; });
  ASSERT_TRUE(keeper.refresh());
  EXPECT_EQ(evaluator.content(), base_);
  approve("nginx", "2026-11-21");
  ASSERT_TRUE(keeper.refresh());
  const auto with = evaluator.content();
  EXPECT_NE(with, base_);
  ASSERT_TRUE(keeper.refresh());
  EXPECT_EQ(evaluator.content(), with) << "nothing changed: plans and memories stay";
  const auto asked = store_->meter().counts().at("approvals").calls;
  ASSERT_TRUE(keeper.refresh_if_due());
  EXPECT_EQ(store_->meter().counts().at("approvals").calls, asked);
  now_ += std::chrono::days(1);
  ASSERT_TRUE(keeper.refresh_if_due());
  EXPECT_EQ(evaluator.content()->digest, base_->digest);
}

TEST_F(ApprovalsTest, ANewContentComesIntoForceWithTheApprovalsOverIt) {
  Evaluator evaluator(*store_, base_, [this] { return now_; });
  ContentKeeper keeper(*store_, evaluator, base_, [this] { return now_; });
  approve("nginx");
  ASSERT_TRUE(keeper.refresh());
  const auto before = evaluator.content();
  auto newer = std::make_shared<checks::Content>(*base_);
  newer->digest = evidence::sha256("newer");
  ASSERT_TRUE(keeper.replace(newer));
  EXPECT_NE(evaluator.content()->digest, before->digest);
  EXPECT_EQ(evaluator.content()->references.at("allowlist").table->at(0, "name"),
            evidence::Value("nginx"));
  EXPECT_EQ(before->references.at("allowlist").table->rows().size(), 1U) << "who holds it keeps it";
}

}  // namespace
}  // namespace assay::collector
