// Every accepted snapshot is logged exactly once, whoever is killed or comes second.
#include "collector/ledger/sequencer.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <random>
#include <thread>

#include "tests/unit/collector/ledger/story.h"

namespace assay::collector {
namespace {

using namespace std::chrono_literals;

class SequencerTest : public LedgerStory {
 protected:
  // The log as it is in the store: each of `accepted` once, in the order in which it came, under a
  // root that is that of its entries.
  void expect_log_of(const std::vector<evidence::Digest>& accepted) {
    const auto entries = store_->ledger_entries(0, kMaxLedgerBatch).value();
    std::vector<evidence::Digest> logged;
    std::vector<evidence::Digest> leaves;
    for (const auto& entry : entries) {
      if (!entry.is_act()) logged.push_back(entry.digest);
      leaves.push_back(evidence::leaf_hash(evidence::to_text(entry)));
    }
    EXPECT_EQ(logged, accepted);
    const auto fresh = evidence::grow(0, leaves, nullptr);
    ASSERT_TRUE(fresh);
    EXPECT_EQ(head(), fresh->head);
  }
};

TEST_F(SequencerTest, LogsWhatWasAcceptedInItsOrder) {
  auto accepted = accept(3);
  EXPECT_EQ(sequence().value(), 3U + kActs);
  EXPECT_EQ(sequence().value(), 0U);
  for (const auto& more : accept(300)) accepted.push_back(more);
  while (sequence(64).value() > 0) {
  }
  expect_log_of(accepted);
  for (const auto& manifest : accepted) ASSERT_TRUE(is_proven(manifest));
}

TEST_F(SequencerTest, EachCheckpointIsConsistentWithTheOneBefore) {
  accept(1);
  ASSERT_TRUE(sequence());
  for (int i = 0; i < 40; ++i) {
    const auto before = head();
    accept(i % 7 + 1);
    ASSERT_TRUE(sequence());
    auto view = LedgerView::latest(*store_).value();
    EXPECT_TRUE(
        evidence::verify_consistency(before, head(), view.consistency(before.size).value()));
    EXPECT_EQ(view.root(before.size).value(), before.root);
    EXPECT_TRUE(evidence::open_checkpoint(store_->checkpoint()->note, key_.verifier(),
                                          key_.verifier().name));
  }
}

TEST_F(SequencerTest, KeepsTheLastCheckpointOfEachHour) {
  for (int hour = 0; hour < 3; ++hour) {
    now_ = at(hour * 3600);
    for (int i = 0; i < 3; ++i) {
      accept(1);
      ASSERT_TRUE(sequence());
      now_ += 60s;
    }
  }
  std::vector<std::int64_t> sizes;
  const auto kept = store_->checkpoints({}).value();
  for (const auto& checkpoint : kept.items) sizes.push_back(checkpoint.head.size);
  EXPECT_EQ(sizes, (std::vector<std::int64_t>{3 + kActs, 6 + kActs, 9 + kActs}));
}

TEST_F(SequencerTest, ALedgerThatGoesOnIsNoNews) {
  LedgerMemory memory;
  EXPECT_FALSE(memory.look(*store_).value());
  for (int i = 0; i < 5; ++i) {
    accept(300);
    ASSERT_TRUE(sequence());
    EXPECT_FALSE(memory.look(*store_).value());
    EXPECT_FALSE(memory.look(*store_).value());
  }
}

TEST_F(SequencerTest, ALedgerThatGoesBackIsToldOnce) {
  LedgerMemory memory;
  accept(3);
  ASSERT_TRUE(sequence());
  (void)memory.look(*store_);
  execute("DELETE FROM ledger_checkpoints; DELETE FROM ledger_entries; DELETE FROM ledger_tiles");
  const auto told = memory.look(*store_).value();
  ASSERT_TRUE(told);
  EXPECT_NE(told->find("rewound: this collector saw 5 entries, the store has 0"), std::string::npos)
      << *told;
  EXPECT_FALSE(memory.look(*store_).value());
}

TEST_F(SequencerTest, ALedgerThatGoesOnFromAnotherPastIsToldOnce) {
  LedgerMemory memory;
  accept(2);
  ASSERT_TRUE(sequence());
  (void)memory.look(*store_);
  accept(1);
  ASSERT_TRUE(sequence());
  execute("UPDATE ledger_tiles SET hashes = randomblob(length(hashes))");
  const auto told = memory.look(*store_).value();
  ASSERT_TRUE(told);
  EXPECT_NE(told->find("forked: this collector saw 4 entries"), std::string::npos) << *told;
  EXPECT_FALSE(memory.look(*store_).value());
}

TEST_F(SequencerTest, TheThreadLogsSoonAfterANoticeAndBeforeItEnds) {
  std::atomic<int> logged = 0;
  SequencerOptions options;
  options.gather = 20ms;
  options.on_logged = [&logged] { ++logged; };
  std::vector<evidence::Digest> accepted;
  {
    Sequencer sequencer(*store_, key_, options);
    accepted = accept(5);
    sequencer.notify();
    for (int i = 0; i < 1'000 && logged == 0; ++i) std::this_thread::sleep_for(10ms);
    EXPECT_GE(logged, 1);
    EXPECT_TRUE(is_proven(accepted.back()));
    for (const auto& more : accept(2)) accepted.push_back(more);
  }
  expect_log_of(accepted);
}

TEST_F(SequencerTest, WithoutANoticeItLooksByItself) {
  SequencerOptions options;
  options.gather = 1ms;
  options.look = 30ms;
  Sequencer sequencer(*store_, key_, options);
  std::this_thread::sleep_for(100ms);
  const auto accepted = accept(1);  // by another collector
  for (int i = 0; i < 200 && !store_->ledger_index(accepted[0]); ++i)
    std::this_thread::sleep_for(10ms);
  EXPECT_TRUE(is_proven(accepted[0]));
}

// Several collectors over one store, each of which would log everything.
TEST_F(SequencerTest, CollectorsThatRaceNeitherDoubleNorDropAnything) {
  std::atomic<bool> is_over = false;
  std::vector<std::thread> collectors;
  std::atomic<int> conflicts = 0;
  for (int i = 0; i < 4; ++i) {
    collectors.emplace_back([&, this] {
      const auto own = sqlite::SqliteStore::open({folder_.file(), 1, 0}).value();
      SequencerOptions options;
      options.batch = 7;
      while (!is_over || !own->unsequenced(1)->empty()) {
        const auto done = sequence_once(*own, key_, options);
        if (done) continue;
        ++conflicts;
        EXPECT_EQ(done.error().code(), Code::kConflict) << done.error().message();
      }
    });
  }
  const auto accepted = accept(400);
  is_over = true;
  for (auto& collector : collectors) collector.join();
  expect_log_of(accepted);
  EXPECT_GT(conflicts, 0);
}

// A log whose stored tree was altered is not continued: its key would sign the alteration.
TEST_F(SequencerTest, SignsNothingOverATreeThatWasAltered) {
  accept(300);
  ASSERT_TRUE(sequence());
  execute("UPDATE ledger_tiles SET hashes = zeroblob(1408) WHERE level = 0 AND number = 1");
  accept(1);
  const auto before = head();
  const auto done = sequence();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), Code::kLost);
  EXPECT_EQ(head(), before);
  const auto events = store_->events("", {});
  ASSERT_FALSE(events->items.empty());
  EXPECT_EQ(events->items[0].kind, Event::Kind::kLedger);
}

TEST_F(SequencerTest, SignsNothingOverACheckpointOfAnotherKey) {
  accept(1);
  ASSERT_TRUE(sequence());
  execute("UPDATE ledger_checkpoints SET note = replace(note, 'assay', 'essay')");
  accept(1);
  EXPECT_EQ(sequence().error().code(), Code::kLost);
}

[[noreturn]] void log_until_killed(const std::string& path, const std::string& keys, int answers) {
  auto store = sqlite::SqliteStore::open({path, 1, 0});
  const auto key = LedgerKey::open(keys);
  SequencerOptions options;
  options.batch = 3;
  while (store && key) {
    const auto done = sequence_once(**store, *key, options);
    if (!done || *done == 0) ::usleep(200);
    const auto size = (*store)->checkpoint();
    if (size && ::write(answers, &size->head.size, sizeof size->head.size) < 0) break;
  }
  ::_exit(1);
}

TEST_F(SequencerTest, ACollectorThatIsKilledLeavesWholeBatches) {
  std::mt19937 random(20261128);
  std::vector<evidence::Digest> accepted;
  for (int round = 0; round < 10; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    store_.reset();  // SQLite's own state must not be carried into the child
    const pid_t child = ::fork();
    if (child == 0) log_until_killed(folder_.file(), keys_, ends[1]);
    ::close(ends[1]);
    store_ = sqlite::SqliteStore::open({folder_.file(), 2, 0}).value();
    for (const auto& more : accept(40)) accepted.push_back(more);
    ::usleep(std::uniform_int_distribution<unsigned>(0, 20'000)(random));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    std::int64_t told = 0;
    for (std::int64_t size = 0; ::read(ends[0], &size, sizeof size) == sizeof size;) told = size;
    ::close(ends[0]);
    const auto last = store_->checkpoint();
    ASSERT_GE(last ? last->head.size : 0, told);
  }
  while (sequence().value() > 0) {
  }
  expect_log_of(accepted);
}

}  // namespace
}  // namespace assay::collector
