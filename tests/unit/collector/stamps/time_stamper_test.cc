// When an authority is asked, by whom, and what is kept of its answer.
#include "collector/stamps/time_stamper.h"

#include "evidence/ledger/time_stamp_exchange.h"
#include "evidence/ledger/time_stamp_token.h"
#include "tests/unit/collector/ledger/story.h"
#include "tests/unit/evidence/ledger/stamp_authority.h"

namespace assay::collector {
namespace {

class TimeStamperTest : public LedgerStory {
 protected:
  TimeStamperTest() {
    now_ = evidence::from_timestamp("2026-11-20T00:00:00Z").value();
    options_.authorities = authority_.ca();
    options_.ledger = key_.verifier();
    options_.now = [this] { return now_; };
    options_.ask = [this](const std::string& query, const std::stop_token&) -> Result<std::string> {
      ++asked_;
      if (is_away_) return fail(Code::kUnavailable, "nobody there");
      return authority_.reply(query, now_);
    };
  }

  void log() {
    (void)accept(1);
    ASSERT_TRUE(sequence());
  }
  Result<bool> stamp() { return stamp_once(*store_, options_); }
  // The latest of them.
  StoredTimeStamp latest() { return store_->time_stamps({"", 1})->items.at(0); }
  std::size_t count() { return store_->time_stamps({})->items.size(); }

  evidence::StampAuthority authority_;
  TimeStamperOptions options_;
  bool is_away_ = false;
  int asked_ = 0;
};

TEST_F(TimeStamperTest, ACheckpointIsStampedAndKeptWithItsStamp) {
  log();
  ASSERT_TRUE(stamp().value());
  const auto note = store_->checkpoint()->note;
  const auto stored = latest();
  EXPECT_EQ(stored.size, 1 + kActs);
  EXPECT_EQ(stored.at, now_);
  EXPECT_EQ(stored.note, note);
  EXPECT_TRUE(evidence::verify_time_stamp(stored.token, evidence::sha256(note), authority_.ca()));
  log();  // within the hour: it replaces the checkpoint that was stamped
  EXPECT_FALSE(store_->checkpoint(1 + kActs));
  EXPECT_EQ(latest().note, note);
}

TEST_F(TimeStamperTest, AnEmptyLedgerAsksNobody) {
  EXPECT_FALSE(stamp().value());
  EXPECT_EQ(asked_, 0);
}

TEST_F(TimeStamperTest, NobodyIsAskedBeforeItsTimeOrWhenNothingGrew) {
  log();
  ASSERT_TRUE(stamp().value());
  now_ += std::chrono::hours(2);
  EXPECT_FALSE(stamp().value()) << "it has not grown";
  log();
  ASSERT_TRUE(stamp().value());
  log();
  now_ += std::chrono::minutes(59);
  EXPECT_FALSE(stamp().value()) << "the hour is not over";
  now_ += std::chrono::minutes(1);
  EXPECT_TRUE(stamp().value());
  EXPECT_EQ(asked_, 3);
  EXPECT_EQ(latest().size, 3 + kActs);
}

TEST_F(TimeStamperTest, AfterAFailureThereIsAPauseAndThenItGoesOn) {
  log();
  is_away_ = true;
  EXPECT_EQ(code_of(stamp()), "unavailable");
  EXPECT_FALSE(stamp().value()) << "nobody is asked meanwhile";
  now_ += kStampPause;
  EXPECT_EQ(code_of(stamp()), "unavailable");
  is_away_ = false;
  now_ += kStampPause;
  EXPECT_TRUE(stamp().value());
  EXPECT_EQ(asked_, 3);
}

TEST_F(TimeStamperTest, OfTwoCollectorsOneAsks) {
  log();
  auto other = options_;
  other.ask = [this](const std::string& query, const std::stop_token& stop) {
    EXPECT_FALSE(stamp_once(*store_, options_).value()) << "while this one asks";
    return options_.ask(query, stop);
  };
  EXPECT_TRUE(stamp_once(*store_, other).value());
  EXPECT_EQ(asked_, 1);
}

TEST_F(TimeStamperTest, ABadAnswerIsNotKept) {
  log();
  const evidence::StampAuthority stranger;
  const std::vector<std::function<std::string(const std::string&)>> answers = {
      [](const std::string&) { return std::string("garbage"); },
      [&](const std::string& query) { return stranger.reply(query, now_); },
      [&](const std::string&) {
        return authority_.reply(evidence::time_stamp_query(evidence::sha256("x"))->der, now_);
      },
  };
  for (const auto& answer : answers) {
    now_ += std::chrono::hours(1);
    options_.ask = [&](const std::string& query, const std::stop_token&) { return answer(query); };
    EXPECT_FALSE(stamp());
  }
  EXPECT_EQ(count(), 0U);
}

TEST_F(TimeStamperTest, NothingIsStampedThatTheLedgerDidNotSign) {
  log();
  execute("UPDATE ledger_checkpoints SET note = replace(note, 'assay', 'essay')");
  EXPECT_EQ(code_of(stamp()), "lost");
  EXPECT_EQ(asked_, 0);
}

TEST_F(TimeStamperTest, AStampFromTheFutureDoesNotEndTheStamping) {
  log();
  ASSERT_TRUE(stamp().value());
  execute("UPDATE ledger_time_stamps SET at = at + 86400 * 365");
  log();
  now_ += std::chrono::minutes(10);
  EXPECT_TRUE(stamp().value());
}

TEST_F(TimeStamperTest, TellsSinceWhenNothingIsStamped) {
  EXPECT_EQ(unstamped_since(*store_).value(), std::nullopt);
  log();
  EXPECT_EQ(unstamped_since(*store_).value(), store_->ledger_entries(0, 1)->at(0).accepted);
  ASSERT_TRUE(stamp().value());
  EXPECT_EQ(unstamped_since(*store_).value(), std::nullopt);
}

TEST_F(TimeStamperTest, WorksByItselfAndTellsItsFigures) {
  log();
  options_.look = std::chrono::milliseconds(10);
  TimeStamper stamper(*store_, options_);
  for (int i = 0; i < 1'000 && count() == 0; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  stamper.stop();
  EXPECT_EQ(count(), 1U);
  std::map<std::string, double> figures;
  for (const auto& figure : stamper.figures()) figures[std::string(figure.name)] = figure.value;
  EXPECT_EQ(figures.at("assay_ledger_time_stamps_total"), 1);
  EXPECT_EQ(figures.at("assay_ledger_time_stamp_failures_total"), 0);
  EXPECT_EQ(figures.at("assay_ledger_unstamped_age_seconds"), 0);
}

}  // namespace
}  // namespace assay::collector
