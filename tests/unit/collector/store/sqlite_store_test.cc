// What is particular to the SQLite engine: quota, versions, file modes, two processes.
#include <sqlite3.h>
#include <sys/stat.h>

#include <filesystem>

#include "collector/store/sqlite/schema.h"
#include "tests/unit/collector/store/sqlite_engine.h"

namespace assay::collector::sqlite {
namespace {

class SqliteStoreTest : public testing::Test {
 protected:
  std::unique_ptr<SqliteStore> open(std::int64_t max_pages = 0) {
    auto opened = SqliteStore::open({folder_.file(), 1, max_pages});
    EXPECT_TRUE(opened) << opened.error().message();
    return std::move(*opened);
  }
  void run(const std::string& sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(folder_.file().c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
  }
  // A file as `version` of the schema left it.
  void old_file(int version, const std::string& sql) {
    auto old = Connection::open(folder_.file(), Access::kReadWrite);
    ASSERT_TRUE(old) << old.error().message();
    ASSERT_TRUE(migrate(**old, version));
    ASSERT_TRUE((*old)->execute(sql));
  }
  static StoredTable big_table(char letter) {
    StoredTable table = table_with("users", std::string(1, letter));
    table.frame = std::string(300'000, letter);
    return table;
  }
  static void enroll(Store& store) {
    const auto token = enrollment_token("t");
    ASSERT_TRUE(store.add_token(token));
    Host host;
    host.id = "host-1";
    ASSERT_TRUE(store.enroll(token.hash, host, certificate_of("host-1", "1"), at(20)));
  }
  TestFolder folder_;
};

TEST_F(SqliteStoreTest, AFullDiskAcknowledgesNothing) {
  auto store = open(130);
  enroll(*store);
  const auto table = big_table('a');
  const auto snapshot = snapshot_of("host-1", 1, {table});
  const auto receipt = store->commit_snapshot(snapshot, std::vector{table});
  EXPECT_EQ(code_of(receipt), "no_space");
  EXPECT_EQ(code_of(store->receipt(snapshot.digest)), "not_found");
  EXPECT_EQ(store->host("host-1")->last_sequence, 0);
}

TEST_F(SqliteStoreTest, OnAFullDiskTheSmallOnesOfAGroupAreAcceptedAndTheLargeOneIsNot) {
  auto store = open(120);
  enroll(*store);
  const std::vector large{big_table('a')};
  const auto first = snapshot_of("host-1", 1);
  const auto second = snapshot_of("host-1", 2, large, first.digest);
  const auto third = snapshot_of("host-1", 3, {}, second.digest);
  const std::vector<SnapshotCommit> group{{&first, {}}, {&second, large}, {&third, {}}};
  const auto receipts = store->commit_snapshots(group);
  EXPECT_TRUE(receipts[0]);
  EXPECT_EQ(code_of(receipts[1]), "no_space");
  EXPECT_TRUE(receipts[2]);
  store = open();
  EXPECT_TRUE(store->receipt(first.digest));
  EXPECT_EQ(code_of(store->receipt(second.digest)), "not_found");
  EXPECT_TRUE(store->receipt(third.digest));
}

TEST_F(SqliteStoreTest, ATableThatAnotherProcessDeletedIsAskedForAgain) {
  auto store = open();
  enroll(*store);
  const std::vector tables{table_with("users", "u")};
  const auto first = snapshot_of("host-1", 1, tables);
  ASSERT_TRUE(store->commit_snapshot(first, tables));
  run("DELETE FROM tables");
  const auto second = snapshot_of("host-1", 2, tables, first.digest);
  EXPECT_EQ(code_of(store->commit_snapshot(second, {})), "not_found");
  EXPECT_EQ(store->missing(std::vector{tables[0].facts.digest})->size(), 1U);
  EXPECT_TRUE(store->commit_snapshot(second, tables));
}

TEST_F(SqliteStoreTest, GoesOnWhenThereIsSpaceAgain) {
  const auto table = big_table('a');
  const auto snapshot = snapshot_of("host-1", 1, {table});
  {
    auto store = open(130);
    enroll(*store);
    ASSERT_EQ(code_of(store->put_tables(std::vector{table}, at(50))), "no_space");
    EXPECT_TRUE(store->add_token(enrollment_token("small")));
  }
  auto store = open();
  EXPECT_TRUE(store->commit_snapshot(snapshot, std::vector{table}));
}

TEST_F(SqliteStoreTest, RefusesAFileOfANewerVersion) {
  open();
  run("PRAGMA user_version = 999");
  const auto opened = SqliteStore::open({folder_.file(), 1, 0});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code(), Code::kConfiguration);
  // Whoever only looks is not sent to serve, which could not bring it forward.
  Options looking{folder_.file(), 1, 0};
  looking.may_migrate = false;
  EXPECT_NE(SqliteStore::open(looking).error().message().find("newer version"), std::string::npos);
}

TEST_F(SqliteStoreTest, LeavesAFileOfAnOlderVersionAloneWhenItIsToldTo) {
  ASSERT_NO_FATAL_FAILURE(old_file(1, ""));
  Options options{folder_.file(), 1, 0};
  options.may_migrate = false;
  EXPECT_EQ(code_of(SqliteStore::open(options)), "configuration");
  options.may_migrate = true;
  ASSERT_TRUE(SqliteStore::open(options));
  options.may_migrate = false;
  EXPECT_TRUE(SqliteStore::open(options));
}

TEST_F(SqliteStoreTest, EveryEarlierVersionIsBroughtForward) {
  for (std::int64_t version = 1; version <= newest_version(); ++version) {
    std::filesystem::remove(folder_.file());
    ASSERT_NO_FATAL_FAILURE(old_file(static_cast<int>(version), ""));
    const auto store = open();
    EXPECT_TRUE(store->add_terms({std::chrono::days(7), {}}, at(100)));
    EXPECT_TRUE(store->claim_reporting(at(100), at(160)).value());
    EXPECT_TRUE(store->add_report({"1970-W01", at(0), at(50), {}, at(100)}, "x"));
    EXPECT_TRUE(store->self_check()->empty()) << version;
  }
}

TEST_F(SqliteStoreTest, AFileOfTheFirstVersionKeepsWhatItHas) {
  ASSERT_NO_FATAL_FAILURE(
      old_file(1,
               "INSERT INTO hosts (id, name, profile, os, enrolled_at) VALUES"
               " ('host-1', 'web', 'server', '', 20);"
               "INSERT INTO marks VALUES ('host-1', zeroblob(32), zeroblob(32), zeroblob(32),"
               " '2026-11-21', 30, 31, 7);"));
  auto store = open();
  EXPECT_EQ(store->host("host-1")->name, "web");
  EXPECT_EQ(store->mark("host-1")->revision, 7);
  EXPECT_EQ(store->mark("host-1")->register_entry, 0) << "nothing is due because of the upgrade";
  EXPECT_EQ(store->register_entry("host-1", std::nullopt)->number, 0);
  EXPECT_TRUE(store->approvals({}, {})->items.empty());
}

// What was accepted before there was a ledger comes into it first, in its order.
TEST_F(SqliteStoreTest, WhatAnOlderFileHoldsWaitsForTheLedger) {
  ASSERT_NO_FATAL_FAILURE(old_file(
      4,
      "INSERT INTO hosts (id, name, profile, os, enrolled_at) VALUES ('host-1', 'web', 'server',"
      " '', 20); INSERT INTO snapshots VALUES (7, randomblob(32), 'host-1', 1, NULL, 'server', 1,"
      " 2, 30, 's', x'00', x'00'); INSERT INTO snapshots VALUES (9, randomblob(32), 'host-1', 2,"
      " NULL, 'server', 1, 2, 31, 's', x'00', x'00')"));
  const auto waiting = open()->unsequenced(10);
  ASSERT_TRUE(waiting && waiting->size() == 3);  // and that the host was let in
  EXPECT_EQ(waiting->at(0).sequence, 1);
  EXPECT_EQ(waiting->at(1).accepted, at(31));
}

TEST_F(SqliteStoreTest, WhatPeopleDidInAnOlderFileWaitsForTheLedgerInTheOrderOfItsTime) {
  ASSERT_NO_FATAL_FAILURE(old_file(
      4,
      "INSERT INTO hosts (id, name, profile, os, enrolled_at, revoked_at) VALUES ('host-1', 'web',"
      " 'server', '', 20, 35);"
      " INSERT INTO tokens VALUES (1, 'T-1', 'person', zeroblob(32), 'Lin', 'auditor', 10, NULL,"
      " 90, NULL, '');"
      " INSERT INTO waivers (check_id, hosts, frameworks, reason, measure, token_id, name,"
      " requested_at, until) VALUES ('X', ',', ',', 'r', 'm', 't1', 'Lin', 40, '2026-12-01');"
      " INSERT INTO waiver_acts (waiver, kind, token_id, name, note, at) VALUES (1, 'approved',"
      " 't2', 'Mei', '', 50);"
      " INSERT INTO approvals (list, row, until, note, token_id, name, at, withdrawn_token,"
      " withdrawn_name, withdrawn_note, withdrawn_at) VALUES ('allowlist', '{}', '', '', 't1',"
      " 'Lin', 30, 't1', 'Lin', 'no', 60)"));
  const auto store = open();
  const auto acts = store->acts({});
  ASSERT_TRUE(acts) << acts.error().message();
  std::vector<std::string> kinds;
  for (const auto& act : acts->items) kinds.push_back(act.kind);
  EXPECT_EQ(kinds, (std::vector<std::string>{"approved", "host_revoked", "waiver_requested",
                                             "waiver_decided", "approval_withdrawn", "token_made",
                                             "host_enrolled", "token_revoked"}));
  EXPECT_EQ(acts->items[2].at, at(40));
  EXPECT_EQ(acts->items[2].name, "Lin");
  EXPECT_EQ(store->unsequenced(10)->size(), kinds.size());
  EXPECT_TRUE(store->self_check()->empty());
}

// An older file does not have it: it is told from the spans, which follow each other where only the
// row changed.
TEST_F(SqliteStoreTest, SinceWhenAFindingOfAnOlderFileIsOpenIsKnown) {
  const auto finding = [](const std::string& id, int reopened) {
    return "INSERT INTO findings VALUES (" + id +
           ", 'host-1', 'X', 3, '{}', '{}', '', 'open', 1, 100, 400, NULL, " +
           std::to_string(reopened) + ", zeroblob(32));";
  };
  const auto span = [](const std::string& id, const std::string& since, const std::string& until) {
    return "INSERT INTO finding_spans (finding, severity, row, frameworks, since, until) VALUES (" +
           id + ", 3, '" + since + "', '', " + since + ", " + until + ");";
  };
  const std::string once = "zeroblob(32)";
  const std::string again = "CAST(printf('%032d', 1) AS BLOB)";
  ASSERT_NO_FATAL_FAILURE(old_file(
      1,
      "INSERT INTO hosts (id, name, profile, os, enrolled_at) VALUES ('host-1', 'web', 'server',"
      " '', 20);" +
          finding(once, 0) + span(once, "100", "200") + span(once, "200", "NULL") +
          finding(again, 1) + span(again, "100", "200") + span(again, "300", "350") +
          span(again, "350", "NULL")));
  auto store = open();
  const auto page = store->findings({}, {});
  ASSERT_TRUE(page) << page.error().message();
  std::map<std::int64_t, evidence::Seconds> opened;
  for (const auto& one : page->items) opened[one.reopened] = one.opened_at;
  EXPECT_EQ(opened, (std::map<std::int64_t, evidence::Seconds>{{0, at(100)}, {1, at(300)}}));
}

// Findings had the digest alone for their key, and spans named no host.
TEST_F(SqliteStoreTest, FindingsOfAnOlderFileAreThoseOfTheirHost) {
  const auto finding = [](const std::string& id, const std::string& rest) {
    return "INSERT INTO findings (id, host_id, check_id, severity, key, row, frameworks, state,"
           " is_confirmed, first_seen, last_seen, resolved_at, reopened, snapshot) VALUES (" +
           id + ", 'host-1', 'X', 3, '{}', '{}', ',', " + rest + ", 0, zeroblob(32));";
  };
  const std::string gone = "zeroblob(32)";
  const std::string here = "CAST(printf('%032d', 1) AS BLOB)";
  constexpr std::int64_t kByHost = 11;
  for (std::int64_t version = 1; version < kByHost; ++version) {
    std::filesystem::remove(folder_.file());
    ASSERT_NO_FATAL_FAILURE(old_file(
        static_cast<int>(version),
        "INSERT INTO hosts (id, name, profile, os, enrolled_at) VALUES ('host-1', 'web', 'server',"
        " '', 20);" +
            finding(gone, "'resolved', 1, 100, 200, 200") +
            finding(here, "'open', 1, 150, 200, NULL") +
            "INSERT INTO finding_spans (finding, severity, row, frameworks, since, until) VALUES "
            "(" +
            gone + ", 3, '{}', ',', 100, 200), (" + here + ", 3, '{}', ',', 150, NULL)"));
    auto store = open();
    EXPECT_EQ(store->finding(evidence::Digest{})->host_id, "host-1") << version;
    FindingFilter then;
    then.host_id = "host-1";
    then.as_of = at(160);
    EXPECT_EQ(store->findings(then, {})->items.size(), 2U) << version;
    const auto changes = store->finding_changes(at(120), at(250), {})->items;
    ASSERT_EQ(changes.size(), 2U) << version;
    EXPECT_TRUE(changes[0].was_open && changes[1].is_open) << version;
    EXPECT_EQ(complaints(*store), "") << version;
  }
}

// So that what ended in a time is read together, whichever hosts it was on.
TEST_F(SqliteStoreTest, AVerdictThatEndsGoesBehindThoseThatStand) {
  auto store = open();
  enroll(*store);
  EvaluationChange change;
  change.mark.host_id = "host-1";
  change.mark.day = "1970-01-01";
  for (const auto* check : {"A", "B"}) {
    VerdictInterval verdict;
    verdict.host_id = "host-1";
    verdict.check_id = check;
    verdict.parameters = "{}";
    change.begun.push_back(verdict);
  }
  change.mark.evaluated_at = at(100);
  ASSERT_TRUE(store->commit_evaluation(change));
  change.begun.pop_back();
  change.mark.revision = 1;
  change.mark.evaluated_at = at(200);
  ASSERT_TRUE(store->commit_evaluation(change));
  EXPECT_EQ(store->history("host-1", "A", {})->items.size(), 2U);
  // The statement fails unless it is.
  run("CREATE TABLE place (is_behind INTEGER NOT NULL CHECK (is_behind = 1));"
      "INSERT INTO place SELECT (SELECT number FROM verdicts WHERE until IS NOT NULL) >"
      " (SELECT number FROM verdicts WHERE check_id = 'B')");
}

TEST_F(SqliteStoreTest, TheLedgerOfAnOlderFileCanBeTimeStampedAndWitnessed) {
  for (std::int64_t version = 1; version <= newest_version(); ++version) {
    std::filesystem::remove(folder_.file());
    ASSERT_NO_FATAL_FAILURE(old_file(static_cast<int>(version), ""));
    auto store = open();
    StoredTimeStamp stamp;
    stamp.size = 1;
    stamp.note = stamp.token = "x";
    EXPECT_TRUE(store->claim_time_stamping(at(100), at(160)).value()) << version;
    EXPECT_TRUE(store->add_time_stamp(stamp)) << version;
    EXPECT_EQ(store->time_stamp_over(0)->note, "x");
    EXPECT_TRUE(store->claim_witnessing(at(100), at(160)).value()) << version;
    EXPECT_TRUE(store->add_cosignature({"w", 1, at(100), "x", "x"})) << version;
    EXPECT_TRUE(store->set_witness_trouble({"w", at(100), true, {"x", "x"}})) << version;
    EXPECT_EQ(store->cosignatures()->size(), 1U);
  }
}

TEST_F(SqliteStoreTest, AFileOfTheFirstVersionIsBroughtForwardWithWhatItHolds) {
  ASSERT_NO_FATAL_FAILURE(old_file(
      1,
      "INSERT INTO hosts (id, name, profile, os, enrolled_at) VALUES ('host-1', 'web', 'server',"
      " '', 20)"));
  auto store = open();
  EXPECT_EQ(store->host("host-1")->name, "web");
  Waiver waiver;
  waiver.scope.check_id = "PWD-LENGTH";
  waiver.reason = waiver.measure = "x";
  waiver.requester = {"token-1", "Lin"};
  waiver.requested_at = at(0);
  waiver.until = "1970-01-02";
  const auto added = store->add_waiver(waiver);
  ASSERT_TRUE(added) << added.error().message();
  store.reset();
  EXPECT_EQ(open()->waiver(added->id)->until, "1970-01-02") << "and it is brought forward once";
}

TEST_F(SqliteStoreTest, RecordsOfBeforeTheGroupsAreForTheHostsThatTheyWereFor) {
  ASSERT_NO_FATAL_FAILURE(old_file(
      3,
      "INSERT INTO waivers (check_id, hosts, frameworks, reason, measure, token_id, name,"
      " requested_at, until) VALUES ('PWD-LENGTH', ',host-1,', ',', 'x', 'x', 't', 'Lin', 0,"
      " '1970-01-02');"
      "INSERT INTO attestations (framework, edition, control, hosts, statement, owner,"
      " attested_on, until, token_id, name, recorded_at) VALUES"
      " ('x', 'x', 'x', ',', 'x', 'x', '1970-01-01', '1970-01-02', 't', 'Lin', 0),"
      " ('x', 'x', 'x', ',', 'x', 'x', '1970-01-01', '1970-01-02', 't', 'Lin', 5);"
      "INSERT INTO attestation_acts (attestation, kind, token_id, name, note, at) VALUES"
      " (1, 'superseded', 't', 'Lin', 'A-2', 5);"));
  auto store = open();
  const auto waiver = store->waiver("W-1").value();
  EXPECT_EQ(waiver.scope.hosts, std::vector<std::string>{"host-1"});
  EXPECT_TRUE(waiver.scope.groups.empty());
  const auto attestation = store->attestation("ATT-1").value();
  EXPECT_TRUE(attestation.hosts.empty() && attestation.groups.empty());
  EXPECT_EQ(attestation.acts.at(0).note, "ATT-2") << "and by its name of today";
  const AttestationFilter of_host{at(6), AttestationState::kInForce, "", "", "host-9", {}, ""};
  EXPECT_EQ(store->attestations(of_host, {})->items.size(), 1U);
}

TEST_F(SqliteStoreTest, AFileWhoseBytesWereChangedIsNotHandedOut) {
  const std::string content(1000, 'x');
  {
    auto store = open();
    Attestation attestation;
    attestation.framework = attestation.edition = attestation.control = "x";
    attestation.statement = attestation.owner = "x";
    attestation.attested_on = "1970-01-01";
    attestation.until = "1970-01-02";
    attestation.recorder = {"token-1", "Lin"};
    attestation.recorded_at = at(0);
    const auto id = store->add_attestation(attestation)->id;
    ASSERT_TRUE(store->attach(id, "a", content, attestation.recorder, at(0)));
    ASSERT_TRUE(store->attach(id, "b", "other", attestation.recorder, at(0)));
  }
  run("UPDATE files SET frame = (SELECT frame FROM files WHERE number = 2)");
  EXPECT_EQ(code_of(open()->file(evidence::sha256(content))), "invalid_data");
}

TEST_F(SqliteStoreTest, RefusesAFileThatIsNoDatabase) {
  std::filesystem::path path(folder_.file());
  std::FILE* file = std::fopen(path.c_str(), "w");
  std::fputs("this is not a database, though it is long enough to be taken for one", file);
  std::fclose(file);
  const auto opened = SqliteStore::open({folder_.file(), 1, 0});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code(), Code::kInvalidData);
}

TEST_F(SqliteStoreTest, OnlyItsOwnerMayReadTheFiles) {
  auto store = open();
  ASSERT_TRUE(store->add_token(enrollment_token("t")));
  for (const auto* end : {"", "-wal", "-shm"}) {
    struct stat facts{};
    ASSERT_EQ(stat((folder_.file() + end).c_str(), &facts), 0) << end;
    EXPECT_EQ(facts.st_mode & 0777U, 0600U) << end;
  }
}

TEST_F(SqliteStoreTest, TwoOpenStoresSeeEachOther) {
  auto serving = open();
  auto command = open();
  ASSERT_TRUE(command->add_token(enrollment_token("t")));
  EXPECT_TRUE(serving->token(evidence::sha256("t")));
}

TEST_F(SqliteStoreTest, AnUnchangedSnapshotIsOneSmallTransaction) {
  auto store = open();
  enroll(*store);
  std::optional<evidence::Digest> previous;
  for (std::int64_t i = 1; i <= 100; ++i) {
    const auto snapshot = snapshot_of("host-1", i, {}, previous);
    previous = snapshot.digest;
    ASSERT_TRUE(store->commit_snapshot(snapshot, {}));
  }
  EXPECT_EQ(store->meter().counts().at("commit_snapshot").calls, 100);
  EXPECT_EQ(store->snapshots("host-1", {"", 1000})->items.size(), 100U);
}

}  // namespace
}  // namespace assay::collector::sqlite
