#include "agent/host/budget_host.h"

#include <gtest/gtest.h>

#include "agent/host/live_host.h"
#include "tests/unit/agent/memory_host.h"
#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {
namespace {

using std::chrono::milliseconds;

TEST(BudgetHostTest, WhatIsWithinTheBudgetIsPassedOn) {
  MemoryHost inner;
  inner.files["/etc/hostname"] = "web\n";
  BudgetHost host(inner, {});
  EXPECT_EQ(host.read_file("/etc/hostname", 100).value(), "web\n");
  EXPECT_FALSE(host.exceeded());
  EXPECT_EQ(host.cost().read_bytes, 4U);
  EXPECT_EQ(host.cost().calls, 1);
}

TEST(BudgetHostTest, OverItsBytesEveryFurtherCallFails) {
  MemoryHost inner;
  inner.files["/large"] = std::string(1000, 'x');
  BudgetHost host(inner, {.read_bytes = 999});
  EXPECT_TRUE(host.read_file("/large", 1000));
  EXPECT_FALSE(host.status("/large").has_value());
  ASSERT_TRUE(host.exceeded());
  EXPECT_EQ(host.exceeded()->code(), Code::kTooLarge);
}

TEST(BudgetHostTest, OverItsTimeEveryFurtherCallFails) {
  MemoryHost inner;
  BudgetHost host(inner, {.wall = milliseconds(-1)});
  EXPECT_EQ(host.status("/").error().code(), Code::kTimedOut);
  EXPECT_EQ(host.exceeded()->code(), Code::kTimedOut);
}

TEST(BudgetHostTest, ComputingWithoutACallIsFoundOutAtTheEnd) {
  MemoryHost inner;
  BudgetHost host(inner, {.cpu = milliseconds(0)});
  volatile std::uint64_t sum = 0;
  for (std::uint64_t i = 0; i < 1'000'000; ++i) sum = sum + i;
  ASSERT_TRUE(host.exceeded());
  EXPECT_EQ(host.exceeded()->code(), Code::kTimedOut);
}

TEST(BudgetHostTest, AWalkIsEndedOnTheWay) {
  class Slow final : public TreeVisitor {
   public:
    void visit(const TreeEntry&) override { ++seen; }
    int seen = 0;
  } slow;
  const ScratchFolder folder;
  constexpr int kFolders = 2000;
  for (int i = 0; i < kFolders; ++i) folder.write(std::to_string(i) + "/x", "");
  LiveHost inner(folder.root());
  BudgetHost host(inner, {.cpu = milliseconds(0)});
  EXPECT_FALSE(host.walk(slow));
  EXPECT_LT(slow.seen, kFolders);
  EXPECT_EQ(host.exceeded()->code(), Code::kTimedOut);
}

#ifndef __SANITIZE_ADDRESS__  // the sanitizer's own heap is not the one that is looked at
TEST(BudgetHostTest, MemoryThatAProbeHoldsIsFoundOut) {
  MemoryHost inner;
  BudgetHost host(inner, {.memory_bytes = 1U << 20U});
  const std::string held(4U << 20U, 'x');
  ASSERT_TRUE(host.exceeded());
  EXPECT_EQ(host.exceeded()->code(), Code::kTooLarge);
  EXPECT_GE(host.cost().memory_bytes, held.size());
}
#endif

}  // namespace
}  // namespace assay::agent
