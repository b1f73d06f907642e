// Several collectors over one PostgreSQL database.
#include <atomic>
#include <mutex>
#include <set>
#include <span>
#include <thread>

#include "tests/unit/collector/store/postgres_opened.h"
#include "tests/unit/collector/store/postgres_server.h"

namespace assay::collector::postgres {
namespace {

TEST(PostgresRace, OfTwoCollectorsThatLogOneWinsAndNothingIsDoubled) {
  auto& server = PostgresServer::shared();
  const auto conninfo = server.conninfo(server.new_schema());
  auto first = open(conninfo);
  auto second = open(conninfo);
  for (const auto* host : {"a", "b"}) ASSERT_NO_FATAL_FAILURE(enroll(*first, host));
  constexpr std::int64_t kEach = 60;
  std::atomic<int> conflicts = 0;
  const auto collect = [&](PostgresStore& store, const std::string& host) {
    for (std::int64_t i = 1; i <= kEach; ++i) {
      EXPECT_TRUE(store.commit_snapshot(nth(host, i), {}));
      const auto last = store.checkpoint();
      const auto size = last ? last->head.size : 0;
      LedgerAppend append;
      append.old_size = size;
      append.entries = store.unsequenced(100).value();
      if (append.entries.empty()) continue;
      append.checkpoint.head.size = size + static_cast<std::int64_t>(append.entries.size());
      append.checkpoint.note = "note";
      const auto done = store.append_to_ledger(append);
      if (!done && done.error().code() == Code::kConflict)
        ++conflicts;
      else
        EXPECT_TRUE(done) << done.error().message();
    }
  };
  std::thread other([&] { collect(*second, "b"); });
  collect(*first, "a");
  other.join();
  constexpr std::size_t kAll = 2U * (kEach + kActsOfEnrolling);
  const auto logged = first->ledger_entries(0, 1000).value();
  const auto waiting = first->unsequenced(1000).value();
  EXPECT_EQ(logged.size() + waiting.size(), kAll);
  std::set<evidence::Digest> distinct;
  std::map<std::string, std::int64_t> last;
  for (const auto* part : {&logged, &waiting})
    for (const auto& entry : *part) {
      distinct.insert(entry.digest);
      EXPECT_EQ(entry.sequence, ++last[entry.host_id]) << "in the order of each host";
    }
  EXPECT_EQ(distinct.size(), kAll);
  EXPECT_TRUE(first->self_check()->empty());
}

TEST(PostgresRace, AHostIsClaimedByOneUntilItsClaimEnds) {
  auto& server = PostgresServer::shared();
  const auto conninfo = server.conninfo(server.new_schema());
  std::vector<std::string> hosts;
  for (int i = 0; i < 200; ++i) hosts.push_back("host-" + std::to_string(i));
  const std::vector<std::string> owners{"one", "two", "three"};
  std::vector<std::vector<std::string>> got(owners.size());
  std::vector<std::thread> collectors;
  for (std::size_t i = 0; i < owners.size(); ++i)
    collectors.emplace_back([&, i] {
      const auto store = open(conninfo);
      for (std::size_t first = 0; first < hosts.size(); first += 20) {
        auto mine = store->claim(std::span(hosts).subspan(first, 20), owners[i], at(100), at(160));
        ASSERT_TRUE(mine) << mine.error().message();
        got[i].insert(got[i].end(), mine->begin(), mine->end());
      }
    });
  for (auto& collector : collectors) collector.join();
  std::multiset<std::string> all;
  for (const auto& mine : got) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all, std::multiset<std::string>(hosts.begin(), hosts.end()));

  const auto store = open(conninfo);
  EXPECT_TRUE(store->claim(hosts, "four", at(159), at(200)).value().empty());
  EXPECT_EQ(store->claim(hosts, "four", at(160), at(200))->size(), hosts.size());
}

TEST(PostgresRace, NoTableIsTakenFromASnapshotThatIsJustAccepted) {
  auto& server = PostgresServer::shared();
  const auto conninfo = server.conninfo(server.new_schema());
  const auto store = open(conninfo);
  const auto remover = open(conninfo);
  ASSERT_NO_FATAL_FAILURE(enroll(*store, "host-1"));
  constexpr std::int64_t kEach = 200;
  std::vector<StoredTable> tables;
  std::vector<evidence::Digest> digests;
  for (std::int64_t i = 0; i < kEach; ++i) {
    tables.push_back(table_with("mounts", "content " + std::to_string(i)));
    digests.push_back(tables.back().facts.digest);
  }
  // As old as can be, when the one begins to use them and the other to take them away.
  ASSERT_TRUE(store->put_tables(tables, at(1)));
  std::int64_t removed = 0;
  std::thread other([&] {
    const auto removal = remover->begin_removal(at(200'000'000), at(100'000'000)).value();
    for (std::int64_t i = kEach - 1; i >= 0; --i) {
      const auto gone = remover->remove_tables(
          removal, std::span(digests).subspan(static_cast<std::size_t>(i), 1), at(300'000'000));
      EXPECT_TRUE(gone) << gone.error().message();
      if (gone) removed += *gone;
    }
  });
  std::int64_t refused = 0;
  std::optional<evidence::Digest> last;
  for (std::int64_t i = 1; i <= kEach; ++i) {
    const auto& table = tables[static_cast<std::size_t>(i - 1)];
    auto snapshot = snapshot_of("host-1", i, {table}, last);
    snapshot.now = at(400'000'000 + i);
    last = snapshot.digest;
    auto receipt = store->commit_snapshot(snapshot, {});
    if (!receipt) {
      ++refused;
      EXPECT_EQ(receipt.error().code(), Code::kNotFound) << receipt.error().message();
      receipt = store->commit_snapshot(snapshot, std::vector{table});
    }
    EXPECT_TRUE(receipt) << receipt.error().message();
  }
  other.join();
  EXPECT_EQ(refused, removed) << "what was taken away was asked for again";
  for (const auto& digest : digests) EXPECT_TRUE(store->table(digest));
}

TEST(PostgresRace, OfSeveralCollectorsOneMakesAReportAndAllHaveTheSame) {
  auto& server = PostgresServer::shared();
  const auto conninfo = server.conninfo(server.new_schema());
  std::atomic<int> claimed = 0;
  std::mutex mutex;
  std::set<evidence::Digest> kept;
  std::vector<std::jthread> collectors;
  for (int i = 0; i < 4; ++i)
    collectors.emplace_back([&, i] {
      const auto store = open(conninfo);
      claimed += store->claim_reporting(at(100), at(160)).value() ? 1 : 0;
      // As those would do whose turns are over before they are done.
      const ReportRecord report{"2026-W48", at(0), at(50), {}, at(100 + i)};
      const auto added = store->add_report(report, "of collector " + std::to_string(i));
      ASSERT_TRUE(added) << added.error().message();
      const std::lock_guard lock(mutex);
      kept.insert(added->digest);
    });
  collectors.clear();
  EXPECT_EQ(claimed, 1);
  EXPECT_EQ(kept.size(), 1U);
  const auto store = open(conninfo);
  EXPECT_EQ(store->acts({})->items.size(), 1U);
  EXPECT_TRUE(store->report_content("2026-W48"));
}

TEST(PostgresRace, OfSeveralCollectorsOneAsksForATimeStamp) {
  auto& server = PostgresServer::shared();
  const auto conninfo = server.conninfo(server.new_schema());
  std::atomic<int> claimed = 0;
  std::vector<std::jthread> collectors;
  for (int i = 0; i < 4; ++i)
    collectors.emplace_back([&] {
      const auto store = open(conninfo);
      for (int turn = 0; turn < 20; ++turn)
        claimed += store->claim_time_stamping(at(100), at(160)).value() ? 1 : 0;
    });
  collectors.clear();
  EXPECT_EQ(claimed, 1);
}

}  // namespace
}  // namespace assay::collector::postgres
