// What is particular to the PostgreSQL engine: versions, connection strings, a server that dies.
#include "collector/store/postgres/postgres_store.h"

#include <atomic>
#include <future>
#include <thread>

#include "collector/store/postgres/commit_mark.h"
#include "collector/store/postgres/schema.h"
#include "collector/store/postgres/servers.h"
#include "collector/store/postgres/target.h"
#include "tests/unit/collector/store/postgres_opened.h"
#include "tests/unit/collector/store/postgres_server.h"

namespace assay::collector::postgres {
namespace {

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
    ASSERT_TRUE(waiting && waiting->size() == 2U) << version;  // and that the host was let in
    EXPECT_EQ(waiting->at(0).accepted, at(300)) << version;
  }
}

TEST(PostgresSchema, ManifestsThatWereKeptByMonthAreKeptByYear) {
  constexpr std::int64_t kLastByMonth = 15;
  auto& server = PostgresServer::shared();
  const auto schema = server.new_schema();
  const auto conninfo = server.conninfo(schema);
  ASSERT_TRUE(migrate(*Connection::open(conninfo).value(), kLastByMonth));
  // As a collector made them then: December 2025, January and February 2026.
  const auto month = [](const std::string& name, const std::string& from, const std::string& to) {
    return "CREATE TABLE manifests_" + name +
           " (LIKE manifests INCLUDING ALL); ALTER TABLE manifests ATTACH PARTITION manifests_" +
           name + " FOR VALUES FROM (" + from + ") TO (" + to + ");";
  };
  ASSERT_TRUE(server.run(month("202512", "1764547200", "1767225600") +
                             month("202601", "1767225600", "1769904000") +
                             month("202602", "1769904000", "1772323200") +
                             "INSERT INTO manifests VALUES ('h', 1, 1767225599, 'a', 's'),"
                             " ('h', 2, 1767225600, 'b', 's'), ('h', 3, 1772323199, 'c', 's')",
                         schema));
  auto store = open(conninfo);
  ASSERT_NE(store, nullptr);
  const auto holds = [&](const std::string& table, int rows) {
    return server.run("DO $$ BEGIN ASSERT (SELECT count(*) FROM " + table +
                          ") = " + std::to_string(rows) + "; END $$",
                      schema);
  };
  EXPECT_TRUE(holds("manifests", 3));
  EXPECT_TRUE(holds("manifests_2025", 1));
  EXPECT_TRUE(holds("manifests_2026", 2));
  EXPECT_FALSE(holds("manifests_202601", 1));
  // And goes on.
  ASSERT_NO_FATAL_FAILURE(enroll(*store, "host-1"));
  auto snapshot = nth("host-1", 1);
  snapshot.now = evidence::Seconds(std::chrono::seconds(1772323200));
  EXPECT_TRUE(store->commit_snapshot(snapshot, {}));
  EXPECT_TRUE(holds("manifests_2026", 3));
  EXPECT_TRUE(holds("manifests_2027", 0));
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
