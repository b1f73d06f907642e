// What is particular to the PostgreSQL engine: versions, connection strings, a server that dies,
// two collectors at once.
#include "collector/store/postgres/postgres_store.h"

#include <atomic>
#include <future>
#include <mutex>
#include <set>
#include <span>
#include <thread>

#include "collector/store/postgres/commit_mark.h"
#include "collector/store/postgres/schema.h"
#include "collector/store/postgres/servers.h"
#include "collector/store/postgres/target.h"
#include "tests/unit/collector/store/conformance.h"
#include "tests/unit/collector/store/postgres_server.h"

namespace assay::collector::postgres {
namespace {

std::unique_ptr<PostgresStore> open(const std::string& conninfo,
                                    std::chrono::milliseconds patience = std::chrono::seconds(20)) {
  Options options;
  options.conninfo = conninfo;
  options.patience = patience;
  auto opened = PostgresStore::open(options);
  EXPECT_TRUE(opened) << opened.error().message();
  return opened ? std::move(*opened) : nullptr;
}

void enroll(Store& store, const std::string& host_id) {
  const auto token = enrollment_token("token of " + host_id);
  ASSERT_TRUE(store.add_token(token));
  Host host;
  host.id = host_id;
  ASSERT_TRUE(store.enroll(token.hash, host, certificate_of(host_id, "1" + host_id), at(20)));
}

NewSnapshot nth(const std::string& host, std::int64_t sequence) {
  std::optional<evidence::Digest> previous;
  if (sequence > 1) previous = evidence::sha256("before " + std::to_string(sequence));
  return snapshot_of(host, sequence, {}, previous);
}

TEST(PostgresTarget, APasswordIsRefusedAndNeverShown) {
  for (const auto* text : {"host=db password=geheim", "postgresql://assay:geheim@db/assay"}) {
    const auto target = parse_target(text);
    ASSERT_EQ(code_of(target), "usage");
    EXPECT_EQ(target.error().message().find("geheim"), std::string::npos);
  }
  EXPECT_EQ(parse_target("host=a,b dbname=assay passfile=/x")->shown, "dbname=assay host=a,b");
  EXPECT_EQ(code_of(parse_target("host=")), "no failure");
  EXPECT_EQ(code_of(parse_target("nonsense")), "usage");
}

TEST(PostgresServers, AreThoseThatTheConnectionStringNames) {
  const auto shown = [](const std::string& conninfo) {
    std::vector<std::string> names;
    const auto servers = servers_of(conninfo).value();
    for (const auto& server : servers) names.push_back(server.shown());
    return names;
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(shown("host=127.0.0.1,127.0.0.2 port=1,2"), (Names{"127.0.0.1:1", "127.0.0.2:2"}));
  EXPECT_EQ(shown("hostaddr=127.0.0.1,127.0.0.2 port=7"), (Names{"127.0.0.1:7", "127.0.0.2:7"}));
  EXPECT_EQ(shown("postgresql://127.0.0.1:5,[::1]:6/assay"), (Names{"127.0.0.1:5", "::1:6"}));
  EXPECT_EQ(shown("host=/none/a,/none/b"), (Names{"/none/a", "/none/b"}));
}

TEST(PostgresServers, APrimaryOfBeforeAFailoverIsToldByItsTimeline) {
  const Lineage old{"7", 1};
  const Lineage now{"7", 2};
  EXPECT_TRUE(old.is_before(now));
  EXPECT_FALSE(now.is_before(old));
  EXPECT_FALSE(now.is_before(now));
  EXPECT_FALSE(old.is_before({"8", 2})) << "a database of its own";
  EXPECT_FALSE(Lineage().is_before(now)) << "nothing is known of it";
  const auto role = Connection::open(PostgresServer::shared().conninfo("public")).value()->role();
  EXPECT_TRUE(role.is_primary);
  EXPECT_FALSE(role.lineage.system.empty());
  EXPECT_EQ(role.lineage.timeline, 1);
}

class PostgresMark : public testing::Test {
 protected:
  PostgresMark() { EXPECT_NE(open(conninfo_), nullptr); }

  // Writes and leaves a mark, up to where the COMMIT or ROLLBACK is.
  CommitMark begin() {
    writing_->settle();
    const auto mark = writing_->next_mark();
    EXPECT_TRUE(writing_->prepare("BEGIN").queue());
    auto left = leave_mark(*writing_, mark);
    EXPECT_TRUE(left->step().value());
    return mark;
  }
  void end(const char* how) { EXPECT_TRUE(writing_->prepare(how).run()); }

  std::string conninfo_ = PostgresServer::shared().conninfo(PostgresServer::shared().new_schema());
  std::unique_ptr<Connection> writing_ = Connection::open(conninfo_).value();
  std::unique_ptr<Connection> asking_ = Connection::open(conninfo_).value();
};

TEST_F(PostgresMark, TellsWhatWasCommittedFromWhatWasNot) {
  const auto first = begin();
  end("COMMIT");
  EXPECT_TRUE(was_committed(*asking_, first).value());
  const auto second = begin();
  end("ROLLBACK");
  EXPECT_FALSE(was_committed(*asking_, second).value());
  EXPECT_TRUE(was_committed(*asking_, first).value());
  EXPECT_FALSE(was_committed(*asking_, {"another session", 1}).value());
}

TEST_F(PostgresMark, WhoeverAsksWaitsForATransactionThatHasNotEnded) {
  const auto mark = begin();
  end("COMMIT");
  const auto next = begin();
  auto answer = std::async(std::launch::async, [&] { return was_committed(*asking_, next); });
  EXPECT_EQ(answer.wait_for(std::chrono::milliseconds(300)), std::future_status::timeout);
  end("COMMIT");
  EXPECT_TRUE(answer.get().value());
  EXPECT_LT(mark.number, next.number);
}

TEST_F(PostgresMark, OnesOfSessionsThatEndedLongAgoAreTakenAway) {
  ASSERT_TRUE(asking_->execute("INSERT INTO commit_marks VALUES ('old', 3, 0)"));
  (void)begin();
  end("COMMIT");
  EXPECT_FALSE(was_committed(*asking_, {"old", 3}).value());
}

TEST(PostgresSchema, EveryEarlierVersionIsBroughtForward) {
  auto& server = PostgresServer::shared();
  for (std::int64_t version = 0; version <= newest_version(); ++version) {
    const auto conninfo = server.conninfo(server.new_schema());
    {
      const auto connection = Connection::open(conninfo).value();
      ASSERT_TRUE(migrate(*connection, version));
      ASSERT_EQ(version_of(*connection).value(), version);
    }
    auto store = open(conninfo);
    ASSERT_NE(store, nullptr);
    ASSERT_NO_FATAL_FAILURE(enroll(*store, "host-1"));
    EXPECT_TRUE(store->commit_snapshot(nth("host-1", 1), {}));
    EXPECT_TRUE(store->time_stamps({})->items.empty());
    EXPECT_TRUE(store->claim_time_stamping(at(100), at(160)).value());
    EXPECT_TRUE(store->claim_witnessing(at(100), at(160)).value());
    EXPECT_TRUE(store->add_cosignature({"w", 1, at(100), "x", "x"}));
    EXPECT_TRUE(store->add_terms({std::chrono::days(7), {}}, at(100)));
    EXPECT_TRUE(store->claim_reporting(at(100), at(160)).value());
    EXPECT_TRUE(store->add_report({"1970-W01", at(0), at(50), {}, at(100)}, "x"));
    EXPECT_TRUE(store->self_check()->empty());
  }
}

// As FindingsOfAnOlderFileAreThoseOfTheirHost for the other engine.
TEST(PostgresSchema, WhatEveryEarlierVersionHoldsIsBroughtForward) {
  auto& server = PostgresServer::shared();
  const std::string once = "decode(repeat('00', 32), 'hex')";
  const std::string again = "decode(repeat('01', 32), 'hex')";
  const std::string table = "decode(repeat('02', 32), 'hex')";
  const auto finding = [](const std::string& id, int reopened) {
    return "INSERT INTO findings (id, host_id, check_id, severity, key, row, frameworks, state,"
           " is_confirmed, first_seen, last_seen, reopened, snapshot) VALUES (" +
           id + ", 'host-1', 'X', 3, '{}', '{}', ',', 'open', true, 100, 400, " +
           std::to_string(reopened) + ", " + id + ");";
  };
  const auto span = [](const std::string& id, const std::string& since, const std::string& until) {
    return "INSERT INTO finding_spans (host_id, finding, severity, row, frameworks, since, until)"
           " VALUES ('host-1', " +
           id + ", 3, '" + since + "', ',', " + since + ", " + until + ");";
  };
  for (std::int64_t version = 1; version < newest_version(); ++version) {
    const auto schema = server.new_schema();
    const auto conninfo = server.conninfo(schema);
    ASSERT_TRUE(migrate(*Connection::open(conninfo).value(), version));
    ASSERT_TRUE(server.run(
        "INSERT INTO hosts (id, name, profile, os, enrolled_at) VALUES"
        " ('host-1', 'web', 'server', '', 20);"
        "INSERT INTO tables (digest, name, bytes, frame) VALUES (" +
            table +
            ", 'users', 1, 'x');"
            "INSERT INTO snapshots (host_id, sequence, digest, profile, started, ended, "
            "accepted_at,"
            " serial) VALUES ('host-1', 1, " +
            once + ", 'server', 1, 2, 300, 's');" + finding(once, 0) + span(once, "100", "200") +
            span(once, "200", "NULL") + finding(again, 1) + span(again, "100", "200") +
            span(again, "300", "350") + span(again, "350", "NULL"),
        schema))
        << version;
    auto store = open(conninfo);
    ASSERT_NE(store, nullptr) << version;
    EXPECT_EQ(store->host("host-1")->name, "web") << version;
    const auto page = store->findings({}, {});
    ASSERT_TRUE(page) << version << ": " << page.error().message();
    std::map<std::int64_t, evidence::Seconds> opened;
    for (const auto& one : page->items) opened[one.reopened] = one.opened_at;
    // From then on the rows above would say it themselves.
    if (version < 10) {
      EXPECT_EQ(opened, (std::map<std::int64_t, evidence::Seconds>{{0, at(100)}, {1, at(300)}}))
          << version;
    }
    const auto tables = store->stored_tables({})->items;
    ASSERT_EQ(tables.size(), 1U) << version;
    // No table is removed before its time because of the upgrade.
    if (version < 5) {
      EXPECT_EQ(tables[0].used_at, at(300)) << version;
    }
    const auto waiting = store->unsequenced(10);
    ASSERT_TRUE(waiting && waiting->size() == 1U) << version;
    EXPECT_EQ(waiting->at(0).accepted, at(300)) << version;
  }
}

TEST(PostgresSchema, ADatabaseOfANewerVersionIsLeftAlone) {
  auto& server = PostgresServer::shared();
  const auto schema = server.new_schema();
  ASSERT_NE(open(server.conninfo(schema)), nullptr);
  ASSERT_TRUE(server.run("UPDATE store_version SET version = 999", schema));
  Options options;
  options.conninfo = server.conninfo(schema);
  EXPECT_EQ(code_of(PostgresStore::open(options)), "configuration");
}

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
  const auto logged = first->ledger_entries(0, 1000).value();
  const auto waiting = first->unsequenced(1000).value();
  EXPECT_EQ(logged.size() + waiting.size(), 2U * kEach);
  std::set<evidence::Digest> distinct;
  std::map<std::string, std::int64_t> last;
  for (const auto* part : {&logged, &waiting})
    for (const auto& entry : *part) {
      distinct.insert(entry.digest);
      EXPECT_EQ(entry.sequence, ++last[entry.host_id]) << "in the order of each host";
    }
  EXPECT_EQ(distinct.size(), 2U * kEach);
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

TEST(PostgresFault, WhatWasAcknowledgedOutlivesAServerThatIsKilledAgainAndAgain) {
  PostgresServer server;
  ASSERT_TRUE(server.good());
  auto store = open(server.conninfo("public"));
  ASSERT_NE(store, nullptr);
  ASSERT_NO_FATAL_FAILURE(enroll(*store, "host-1"));
  std::atomic<std::int64_t> acknowledged = 0;
  std::atomic<bool> is_over = false;
  std::thread agent([&] {
    for (std::int64_t i = 1; !is_over;) {
      const auto receipt = store->commit_snapshot(nth("host-1", i), {});
      if (!receipt) {
        EXPECT_EQ(receipt.error().code(), Code::kUnavailable) << receipt.error().message();
        continue;  // as an agent does
      }
      EXPECT_EQ(receipt->sequence, i);
      acknowledged = i++;
    }
  });
  for (int round = 0; round < 4; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200 + round * 37));
    server.kill();
    server.start();
  }
  const auto before = acknowledged.load();
  for (int i = 0; i < 400 && acknowledged == before; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  is_over = true;
  agent.join();
  EXPECT_GT(acknowledged, before) << "it goes on by itself";
  EXPECT_EQ(store->host("host-1")->last_sequence, acknowledged);
  for (std::int64_t i = 1; i <= acknowledged; ++i)
    ASSERT_TRUE(store->receipt(nth("host-1", i).digest)) << i;
  EXPECT_TRUE(store->self_check()->empty());
}

// A snapshot's last statements and its COMMIT travel together: what fails among them must neither
// leave a transaction open for whoever has the connection next, nor spoil the next attempt.
TEST(PostgresFault, WhatFailsTogetherWithItsCommitIsTriedAgainAndLeavesNothingOpen) {
  auto& server = PostgresServer::shared();
  const auto schema = server.new_schema();
  auto store = open(server.conninfo(schema));
  ASSERT_NO_FATAL_FAILURE(enroll(*store, "host-1"));
  // What a sequence has given it does not take back: so often, then no more.
  const auto fail_with = [&](const std::string& state, int times) {
    return server.run(
        "DROP SEQUENCE IF EXISTS tries CASCADE; CREATE SEQUENCE tries;"
        "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN IF nextval('tries') <= " +
            std::to_string(times) + " THEN RAISE EXCEPTION 'no' USING ERRCODE = '" + state +
            "'; END IF; RETURN NEW; END $$;"
            "CREATE OR REPLACE TRIGGER refuse BEFORE INSERT ON snapshots"
            " FOR EACH ROW EXECUTE FUNCTION refuse()",
        schema);
  };
  std::int64_t sequence = 0;
  for (const auto* state : {"40001", "40P01", "55P03"}) {
    ASSERT_TRUE(fail_with(state, 3));
    const auto receipt = store->commit_snapshot(nth("host-1", ++sequence), {});
    ASSERT_TRUE(receipt) << state << ": " << receipt.error().message();
    EXPECT_TRUE(receipt->is_new) << state;
  }
  for (const auto& [state, code] : {std::pair{"53100", "no_space"}, std::pair{"58030", "io"}}) {
    ASSERT_TRUE(fail_with(state, 1));
    EXPECT_EQ(code_of(store->commit_snapshot(nth("host-1", ++sequence), {})), code);
    for (int i = 0; i < 4; ++i) {
      const auto host = store->host("host-1");
      ASSERT_TRUE(host) << state << ": " << host.error().message();
      EXPECT_EQ(host->last_sequence, sequence - 1);
    }
    EXPECT_TRUE(store->commit_snapshot(nth("host-1", sequence), {})) << state;
  }
}

TEST(PostgresFault, WithoutItsDatabaseItSaysSoAndWhenItIsBackItGoesOn) {
  PostgresServer server;
  ASSERT_TRUE(server.good());
  auto store = open(server.conninfo("public"), std::chrono::milliseconds(500));
  ASSERT_NE(store, nullptr);
  ASSERT_NO_FATAL_FAILURE(enroll(*store, "host-1"));
  server.stop();
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(code_of(store->commit_snapshot(nth("host-1", 1), {})), "unavailable");
  EXPECT_EQ(code_of(store->host("host-1")), "unavailable");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  server.start();
  EXPECT_TRUE(store->commit_snapshot(nth("host-1", 1), {})->is_new);
  EXPECT_EQ(store->snapshots("host-1", {})->items.size(), 1U);
}

}  // namespace
}  // namespace assay::collector::postgres
