#include "collector/evaluation/evaluation_queue.h"

#include <algorithm>
#include <condition_variable>
#include <future>
#include <mutex>
#include <set>
#include <thread>

#include "tests/unit/collector/evaluation/evaluator_fixture.h"

namespace assay::collector {
namespace {

class EvaluationQueueTest : public EvaluatorTest {
 protected:
  std::vector<std::string> hosts_that_are_due(int count) {
    std::vector<std::string> hosts;
    for (int i = 0; i < count; ++i) {
      hosts.push_back("due-" + std::to_string(i));
      enroll(hosts.back());
      accept(hosts.back(), {users({"root", "toor"})});
    }
    return hosts;
  }
};

TEST_F(EvaluationQueueTest, NewContentJudgesHostsAgain) {
  accept("host-1", {users({"root", "toor"})});
  EvaluationQueue queue(*store_, *evaluator_);
  ASSERT_TRUE(queue.wait_until_idle(std::chrono::seconds(5)));
  EXPECT_EQ(open().size(), 1U);
  std::string rules(kRules);
  rules.replace(rules.find("<> 'root'"), 9, "= 'nobody'");
  set_rules(rules);
  queue.look_now();
  ASSERT_TRUE(queue.wait_until_idle(std::chrono::seconds(5)));
  EXPECT_TRUE(open().empty());
}

// What waits for a new day or new content must not keep what was just scanned waiting.
TEST_F(EvaluationQueueTest, WhatWasJustScannedIsJudgedBeforeAllThatIsDue) {
  const auto due = hosts_that_are_due(30);
  enroll("fresh");
  std::int64_t second = now_.time_since_epoch().count();
  EvaluationQueue* queue = nullptr;
  std::size_t waited = 0;
  // Each judgement asks for the time: when the first one is done a machine is scanned.
  Evaluator evaluator(*store_, content_, [&] {
    if (++second; queue != nullptr && !store_->host("fresh")->last_snapshot &&
                  store_->mark(due.front())->revision > 0) {
      accept("fresh", {users({"root", "toor"})});
      waited = queue->waiting();
      queue->submit("fresh");
    }
    return at(second);
  });
  QueueOptions options;
  options.batch = 1;
  std::promise<void> is_known;
  options.before_look = [known = is_known.get_future().share()] { known.wait(); };
  EvaluationQueue working(*store_, evaluator, options);
  queue = &working;
  is_known.set_value();
  ASSERT_TRUE(working.wait_until_idle(std::chrono::seconds(20)));
  EXPECT_EQ(working.waiting(), 0U);
  EXPECT_GT(waited, 0U);
  ASSERT_GT(store_->mark("fresh")->revision, 0) << "it was not judged at all";
  const auto judged_at = [&](const std::string& host) { return store_->mark(host)->evaluated_at; };
  const auto later = std::ranges::count_if(
      due, [&](const auto& host) { return judged_at(host) > judged_at("fresh"); });
  EXPECT_GT(later, std::ssize(due) / 2) << "it waited for those that were due";
}

// A judge that waits for the store must not keep the other cores idle.
TEST_F(EvaluationQueueTest, ThreadsOfAQueueJudgeAtTheSameTimeAndEachHostOnce) {
  const auto due = hosts_that_are_due(40);
  const auto count = static_cast<std::int64_t>(due.size());
  // Each judgement asks for the time: the first one waits there until another one does, too.
  std::mutex mutex;
  std::condition_variable came;
  std::set<std::thread::id> judges;
  bool is_waited_for = false;
  Evaluator evaluator(*store_, content_, [&] {
    std::unique_lock lock(mutex);
    if (is_waited_for) {
      judges.insert(std::this_thread::get_id());
      came.notify_all();
      came.wait_for(lock, std::chrono::seconds(10), [&] { return judges.size() > 1; });
    }
    return now_;
  });
  QueueOptions options;
  options.threads = 3;
  options.batch = 1;
  options.claim = 4;
  EvaluationQueue queue(*store_, evaluator, options);
  ASSERT_TRUE(queue.wait_until_idle(std::chrono::seconds(20)));
  EXPECT_EQ(evaluator.counts().hosts, count);
  {
    const std::lock_guard lock(mutex);
    is_waited_for = true;
  }
  for (const auto& host : due) {
    accept(host, {users({"root"})});
    queue.submit(host);
  }
  ASSERT_TRUE(queue.wait_until_idle(std::chrono::seconds(60)));
  EXPECT_GT(judges.size(), 1U) << "one thread did it all";
  EXPECT_EQ(evaluator.counts().hosts, 2 * count);
  EXPECT_EQ(queue.waiting(), 0U);
}

}  // namespace
}  // namespace assay::collector
