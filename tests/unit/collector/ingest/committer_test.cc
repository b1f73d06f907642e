// What waits together is committed together, in order, and nothing is lost on the way.
#include "collector/ingest/committer.h"

#include <future>
#include <map>
#include <thread>

#include "tests/unit/collector/store/sqlite_engine.h"

namespace assay::collector {
namespace {

class CommitterTest : public testing::Test {
 protected:
  void SetUp() override {
    store_ = engine_.open().value();
    for (int i = 0; i < kHosts; ++i) enroll(host(i));
  }
  static std::string host(int number) { return "host-" + std::to_string(number); }
  void enroll(const std::string& host_id) {
    const auto token = enrollment_token(host_id);
    ASSERT_TRUE(store_->add_token(token));
    Host record;
    record.id = host_id;
    ASSERT_TRUE(
        store_->enroll(token.hash, record, certificate_of(host_id, "serial-" + host_id), at(20)));
  }
  // Submits the chain of a host, as fast as it is taken, and counts what was acknowledged.
  static void submit_chain(Committer& committer, const std::string& host_id, int length,
                           std::atomic<int>* acknowledged) {
    std::optional<evidence::Digest> previous;
    for (int i = 1; i <= length; ++i) {
      const auto snapshot = snapshot_of(host_id, i, {}, previous);
      previous = snapshot.digest;
      while (!committer.submit(snapshot, {}, [acknowledged](const Result<Receipt>& receipt) {
        if (receipt && receipt->is_new) ++*acknowledged;
      }))
        std::this_thread::yield();
    }
  }
  std::int64_t calls(std::string_view operation) {
    const auto counts = store_->meter().counts();
    const auto found = counts.find(operation);
    return found == counts.end() ? 0 : found->second.calls;
  }

  static constexpr int kHosts = 8;
  sqlite::SqliteEngine engine_;
  std::unique_ptr<Store> store_;
};

TEST_F(CommitterTest, ManyThreadsAreAcknowledgedInTheOrderOfEachHost) {
  constexpr int kLength = 100;
  std::atomic<int> acknowledged = 0;
  {
    Committer committer(*store_, 64);
    std::vector<std::thread> threads;
    for (int i = 0; i < kHosts; ++i)
      threads.emplace_back([&, i] { submit_chain(committer, host(i), kLength, &acknowledged); });
    for (auto& thread : threads) thread.join();
    committer.stop();
  }
  EXPECT_EQ(acknowledged, kHosts * kLength);
  EXPECT_EQ(calls("commit_snapshot"), kHosts * kLength);
  EXPECT_LT(calls("commit_group"), kHosts * kLength / 2) << "they share their syncs";
  for (int i = 0; i < kHosts; ++i) EXPECT_EQ(store_->host(host(i))->last_sequence, kLength);
  EXPECT_TRUE(store_->events("", {})->items.empty()) << "no gap in any chain";
}

TEST_F(CommitterTest, WhatIsAcknowledgedIsDurable) {
  Committer committer(*store_, 64);
  std::promise<bool> is_there;
  const auto snapshot = snapshot_of("host-1", 1);
  ASSERT_TRUE(committer.submit(snapshot, {}, [&](const Result<Receipt>& receipt) {
    // Another connection sees it at the moment of the answer.
    auto other = engine_.open().value();
    is_there.set_value(receipt.has_value() && other->receipt(snapshot.digest).has_value());
  }));
  EXPECT_TRUE(is_there.get_future().get());
}

TEST_F(CommitterTest, AFailureIsToldToWhomItConcernsAlone) {
  Committer committer(*store_, 64);
  std::map<std::string, std::promise<std::string>> answers;
  const auto submit = [&](const std::string& host_id) {
    ASSERT_TRUE(committer.submit(snapshot_of(host_id, 1), {},
                                 [&answer = answers[host_id]](const Result<Receipt>& receipt) {
                                   answer.set_value(code_of(receipt));
                                 }));
  };
  submit("host-0");
  submit("nobody");
  submit("host-1");
  EXPECT_EQ(answers["host-0"].get_future().get(), "no failure");
  EXPECT_EQ(answers["nobody"].get_future().get(), "not_found");
  EXPECT_EQ(answers["host-1"].get_future().get(), "no failure");
}

TEST_F(CommitterTest, TakesNoMoreThanItsLimitAndNothingOnceItStops) {
  Committer committer(*store_, 1);
  std::promise<void> entered;
  std::promise<void> leave;
  ASSERT_TRUE(committer.submit(snapshot_of("host-0", 1), {}, [&](const Result<Receipt>&) {
    entered.set_value();
    leave.get_future().wait();
  }));
  entered.get_future().wait();
  std::atomic<int> answered = 0;
  const auto count = [&](const Result<Receipt>& receipt) { answered += receipt ? 1 : 0; };
  EXPECT_TRUE(committer.submit(snapshot_of("host-1", 1), {}, count));
  EXPECT_FALSE(committer.submit(snapshot_of("host-2", 1), {}, count)) << "one waits already";
  leave.set_value();
  committer.stop();
  EXPECT_EQ(answered, 1) << "what waited was committed before the end";
  EXPECT_FALSE(committer.submit(snapshot_of("host-2", 1), {}, count));
}

}  // namespace
}  // namespace assay::collector
