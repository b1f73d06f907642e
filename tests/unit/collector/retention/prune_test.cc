// Six years of a small company: what goes is what is older than it must be kept, all else is there,
// judged and examined as before.
#include "collector/retention/prune.h"

#include "collector/fsck/fsck.h"
#include "collector/ledger/ledger_key.h"
#include "collector/ledger/sequencer.h"
#include "evidence/signature.h"
#include "tests/unit/collector/api/world.h"

namespace assay::collector::api {
namespace {

constexpr std::chrono::days kYear{365};

class PruneTest : public World {
 protected:
  PruneTest() : web_(enroll("web-1")), db_(enroll("db-1")) {}

  // Both hosts are scanned that many times, a day apart, and logged; web-1 is never the same.
  void go_on(int days) {
    for (int i = 0; i < days; ++i) {
      web_.minlen = 8 + ++scans_;
      snapshots_.push_back(scan(web_));
      (void)scan(db_);
      wait(std::chrono::days(1));
    }
    SequencerOptions options;
    options.now = [this] { return now_; };
    EXPECT_TRUE(sequence_once(*store_, key_, options));
  }
  std::string damaged() {
    std::string lines;
    const auto counts =
        fsck(*store_, {ca_.certificate,
                       key_.verifier(),
                       [&lines](const Text& subject, const Text& detail) {
                         lines.append(subject.en).append(": ").append(detail.en).append("\n");
                       },
                       {},
                       service_->content});
    if (!counts) return counts.error().message();
    removed_ = counts->removed;
    return lines;
  }

  LedgerKey key_ =
      LedgerKey::open_or_create(folder_, evidence::read_certificate(ca_.certificate)->fingerprint)
          .value();
  Machine web_;
  Machine db_;
  int scans_ = 0;
  std::vector<evidence::Digest> snapshots_;  // of web-1
  std::int64_t removed_ = 0;
};

TEST_F(PruneTest, NothingGoesBeforeItsTime) {
  go_on(3);
  wait(4 * kYear);
  go_on(1);
  EXPECT_TRUE(prunable(*store_, {}, now_)->is_empty());
  const auto removal = prune(*store_, {}, now_);
  ASSERT_TRUE(removal);
  EXPECT_EQ(removal->number, 0);
  EXPECT_TRUE(store_->removals({})->items.empty());
  EXPECT_EQ(damaged(), "");
  EXPECT_EQ(removed_, 0);
}

TEST_F(PruneTest, WhatIsOlderGoesAndTheRestIsAsItWas) {
  go_on(5);
  wait(6 * kYear);
  go_on(5);
  const auto verdicts = get("/api/v1/controls?host=web-1");
  const auto findings = get("/api/v1/findings");
  const auto found = prunable(*store_, {}, now_).value();
  EXPECT_EQ(found.snapshots, 8);  // the fifth of each was in force until the sixth came
  EXPECT_GT(found.tables, 0);
  EXPECT_GT(found.history.verdicts, 0);
  ASSERT_TRUE(check_clock(*store_, now_));
  const auto removal = prune(*store_, {}, now_);
  ASSERT_TRUE(removal) << removal.error().message();
  EXPECT_EQ(removal->snapshots, found.snapshots);
  EXPECT_EQ(removal->tables, found.tables);
  EXPECT_EQ(removal->history.verdicts, found.history.verdicts);
  EXPECT_GT(removal->results, 0);
  EXPECT_EQ(damaged(), "");
  EXPECT_EQ(removed_, 8);
  EXPECT_EQ(get("/api/v1/controls?host=web-1"), verdicts);
  EXPECT_EQ(get("/api/v1/findings"), findings);
  EXPECT_TRUE(prunable(*store_, {}, now_)->is_empty());
  // Life goes on.
  go_on(2);
  EXPECT_EQ(damaged(), "");
  // What it is asked of that time it answers as what it is: removed, not unknown, not empty.
  EXPECT_NE(refusal("/api/v1/snapshots/" + snapshots_[0].hex()).find("its retention was over"),
            std::string::npos);
  const auto listed = get("/api/v1/snapshots?host=web-1")["items"];
  ASSERT_EQ(listed.size(), 12U);
  EXPECT_TRUE(listed[0]["removed_at"].is_null());
  EXPECT_TRUE(listed[11]["removed_at"].is_string());
}

TEST_F(PruneTest, AFrameworkThatAsksForLongerHasAllOfTheEvidenceKept) {
  go_on(5);
  wait(6 * kYear);
  go_on(5);
  RetentionTerms terms;
  terms.longer = {{"strict", std::chrono::years(7)}};
  const auto found = prunable(*store_, terms, now_).value();
  EXPECT_EQ(found.snapshots, 0);
  EXPECT_EQ(found.tables, 0);
  // What was judged by "mild" alone need not be kept any longer; what "strict" shares must.
  const auto all = prunable(*store_, {}, now_)->history;
  EXPECT_GT(found.history.verdicts, 0);
  EXPECT_LT(found.history.verdicts, all.verdicts);
}

TEST_F(PruneTest, AClockThatRanAheadRemovesNothing) {
  go_on(3);
  EXPECT_FALSE(check_clock(*store_, now_ + 6 * kYear)) << "nobody was heard of";
  EXPECT_TRUE(check_clock(*store_, now_));
  // The hosts go on by their own clocks while the collector's is wrong.
  auto manifest = store_->snapshot(snapshots_.back()).value();
  NewSnapshot next;
  next.manifest.host_id = web_.id;
  next.manifest.host_name = "web-1";
  next.manifest.sequence = web_.sequence + 1;
  next.manifest.started = next.manifest.ended = time();
  next.digest = evidence::sha256("next");
  next.manifest_frame = manifest.manifest_frame;
  next.signature = "signature";
  next.certificate_serial = manifest.certificate_serial;
  next.now = now_ + 6 * kYear;
  ASSERT_TRUE(store_->commit_snapshot(next, {}));
  const auto refused = check_clock(*store_, now_ + 6 * kYear);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message().find("one of them is wrong"), std::string::npos);
}

TEST_F(PruneTest, AManifestThatCannotBeReadKeepsEveryTable) {
  go_on(3);
  wait(6 * kYear);
  go_on(1);
  // One that is kept though it is older: nobody knows which tables it needs.
  auto broken = store_->snapshot(snapshots_[2]).value();
  NewSnapshot next;
  next.manifest.host_id = enroll("odd-1").id;
  next.manifest.host_name = "odd-1";
  next.manifest.sequence = 1;
  next.manifest.started = next.manifest.ended = time();
  next.digest = evidence::sha256("odd");
  next.manifest_frame = "not a frame";
  next.signature = "signature";
  next.certificate_serial = broken.certificate_serial;
  next.now = now_ - 6 * kYear;
  ASSERT_TRUE(store_->commit_snapshot(next, {}));
  const auto before = store_->stored_tables({})->items.size();
  EXPECT_FALSE(prune(*store_, {}, now_));
  EXPECT_EQ(store_->stored_tables({})->items.size(), before);
  EXPECT_TRUE(store_->removals({})->items.empty());
}

}  // namespace
}  // namespace assay::collector::api
