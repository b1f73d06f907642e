#include "checks/engine/sqlite_memory.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "checks/engine/database.h"

namespace assay::checks {
namespace {

class SqliteMemory : public ::testing::Test {
 protected:
  // Tests of this program that use SQLite beforehand do so through Database, which asks for it too.
  void SetUp() override { ASSERT_TRUE(pool_sqlite_memory()); }
};

TEST_F(SqliteMemory, IsRefusedNoSecondTime) {
  EXPECT_TRUE(pool_sqlite_memory());
}

TEST_F(SqliteMemory, HasAtLeastTheSizeThatWasAskedForAndKeepsBytesWhenItGrowsAndShrinks) {
  for (const int first : {1, 8, 31, 32, 33, 1000, 1023, 1024, 1025, 100'000})
    for (const int then : {1, 32, 64, 1024, 1025, 70'000, 200'000}) {
      auto* bytes = static_cast<char*>(sqlite3_malloc(first));
      ASSERT_NE(bytes, nullptr);
      EXPECT_GE(sqlite3_msize(bytes), static_cast<sqlite3_uint64>(first));
      std::memset(bytes, 'a', static_cast<std::size_t>(first));
      bytes = static_cast<char*>(sqlite3_realloc(bytes, then));
      ASSERT_NE(bytes, nullptr);
      EXPECT_GE(sqlite3_msize(bytes), static_cast<sqlite3_uint64>(then));
      const auto kept = static_cast<std::size_t>(std::min(first, then));
      EXPECT_EQ(std::string(bytes, kept), std::string(kept, 'a')) << first << " to " << then;
      std::memset(bytes, 'b', static_cast<std::size_t>(then));
      sqlite3_free(bytes);
    }
}

TEST_F(SqliteMemory, NoPieceIsGivenTwiceAtATime) {
  std::vector<char*> pieces;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 2'000; ++i) {
      const auto size = static_cast<std::size_t>(1 + (i * 37) % 1'100);
      pieces.push_back(static_cast<char*>(sqlite3_malloc(static_cast<int>(size))));
      std::memset(pieces.back(), i % 100, size);
    }
    for (int i = 0; i < 2'000; ++i) {
      const auto size = static_cast<std::size_t>(1 + (i * 37) % 1'100);
      const std::string expected(size, static_cast<char>(i % 100));
      ASSERT_EQ(std::string(pieces[static_cast<std::size_t>(i)], size), expected) << i;
    }
    for (auto* piece : pieces) sqlite3_free(piece);
    pieces.clear();
  }
}

// A list has a bound: what is above goes back at once.
TEST_F(SqliteMemory, ManyPiecesAtOnceAreNotAllKept) {
  std::vector<void*> pieces;
  for (int i = 0; i < 10'000; ++i) pieces.push_back(sqlite3_malloc(1'000));
  for (auto* piece : pieces) sqlite3_free(piece);
  void* again = sqlite3_malloc(1'000);
  EXPECT_NE(again, nullptr);
  sqlite3_free(again);
}

TEST_F(SqliteMemory, WhatOneThreadTookAnotherMayGiveBack) {
  std::array<std::vector<void*>, 4> taken;
  {
    std::vector<std::jthread> threads;
    for (auto& mine : taken)
      threads.emplace_back([&mine] {
        for (int i = 0; i < 500; ++i) mine.push_back(sqlite3_malloc(16 + i));
      });
  }
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < taken.size(); ++i)
    threads.emplace_back([&theirs = taken[(i + 1) % taken.size()]] {
      for (auto* piece : theirs) sqlite3_free(piece);
      auto database = Database::open();
      ASSERT_TRUE(database);
      EXPECT_EQ(database->query("SELECT 1 + 1 AS two", 1)->rows.size(), 1U);
    });
}

}  // namespace
}  // namespace assay::checks
