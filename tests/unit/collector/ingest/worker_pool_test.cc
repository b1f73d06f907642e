#include "collector/ingest/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "collector/ingest/memory_budget.h"

namespace assay::collector {
namespace {

TEST(WorkerPool, RefusesWorkWhenItsQueueIsFull) {
  std::promise<void> gate;
  auto opened = gate.get_future().share();
  std::promise<void> started;
  WorkerPool pool(1, 1);
  ASSERT_TRUE(pool.try_post([&] {
    started.set_value();
    opened.wait();
  }));
  started.get_future().wait();
  EXPECT_TRUE(pool.try_post([] {}));
  EXPECT_FALSE(pool.try_post([] {}));
  gate.set_value();
}

TEST(WorkerPool, RunsWhatIsQueuedBeforeItStops) {
  std::atomic<int> runs = 0;
  WorkerPool pool(2, 100);
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(pool.try_post([&] { ++runs; }));
  pool.stop();
  EXPECT_EQ(runs, 50);
  EXPECT_FALSE(pool.try_post([] {}));
}

TEST(MemoryBudget, GivesNoMoreThanThereIsAndTakesItBack) {
  MemoryBudget budget(100);
  {
    const auto most = budget.take(80);
    EXPECT_TRUE(most);
    EXPECT_FALSE(budget.take(30));
    EXPECT_TRUE(budget.take(20));
  }
  EXPECT_TRUE(budget.take(100));
}

}  // namespace
}  // namespace assay::collector
