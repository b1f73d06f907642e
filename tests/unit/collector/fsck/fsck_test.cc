// One byte of each stored thing is altered in turn, and each is found.
#include <map>
#include <set>

#include "evidence/ledger/checkpoint.h"
#include "tests/unit/collector/fsck/examined_store.h"

namespace assay::collector::api {
namespace {

// What proves itself: each column of these tables, but those that only say in which order rows
// came, or that a certificate was revoked.
const std::map<std::string, std::set<std::string>> kProven = {
    {"tables", {"digest", "name", "bytes", "frame", "base"}},
    {"snapshots",
     {"digest", "host_id", "sequence", "previous", "profile", "started", "ended", "accepted_at",
      "serial", "manifest", "manifest_base", "signature"}},
    {"certificates", {"serial", "host_id", "not_before", "not_after", "pem"}},
    {"files", {"digest", "frame"}},
    {"ledger_entries", {"number", "digest", "host_id", "sequence", "accepted_at"}},
    {"ledger_tiles", {"level", "number", "hashes"}},
    {"ledger_checkpoints", {"size", "root", "note"}},
    {"ledger_state", {"last_snapshot", "last_act"}},
    {"acts", {"number", "kind", "record", "at"}},
    {"tokens",
     {"id", "kind", "hash", "name", "role", "created", "expires", "revoked_at", "spent_at",
      "host_id"}},
    {"register_entries",
     {"number", "host_id", "fields", "groups", "register_table", "groups_table", "token_id", "name",
      "note", "since"}},
    {"approvals",
     {"number", "list", "row", "until", "note", "token_id", "name", "at", "withdrawn_token",
      "withdrawn_name", "withdrawn_note", "withdrawn_at"}},
    {"attestation_acts", {"number", "attestation", "kind", "token_id", "name", "note", "at"}},
    {"results", {"key", "frame"}},
    {"attestations",
     {"number", "framework", "edition", "control", "hosts", "groups", "statement", "owner",
      "attested_on", "until", "token_id", "name", "recorded_at"}},
    {"attestation_files",
     {"number", "attestation", "name", "digest", "bytes", "token_id", "person", "at"}},
    {"waivers",
     {"number", "check_id", "hosts", "groups", "frameworks", "reason", "measure", "token_id",
      "name", "requested_at", "until"}},
    {"waiver_acts", {"number", "waiver", "kind", "token_id", "name", "note", "at"}},
    {"packs",
     {"number", "framework", "edition", "since", "as_of", "hosts", "digest", "token_id", "name"}},
    {"terms", {"number", "since", "stale_after", "grade", "kinds"}},
    {"reports", {"number", "week", "since", "until", "digest", "frame", "at"}},
    {"ledger_time_stamps", {"size", "at", "note", "token", "digest"}},
    {"ledger_cosignatures", {"witness", "size", "at", "note", "line"}},
    {"catalogues", {"digest", "frame"}},
};
// What nothing proves: what the collector saw of agents, since when words are in force, how
// findings were while they were open, and by what findings are found. A new table has to be put on
// one side or the other.
const std::set<std::string> kNotProven = {
    "catalogue_times", "events", "finding_spans", "finding_heads",
    // What is in force of these is judged once more: judgements_test.cc.
    "hosts", "marks", "verdicts", "findings", "verdict_groups", "finding_groups",
    // These have tests of their own.
    "verdict_sets", "finding_sets", "table_uses", "removals", "store_state", "time_stamp_claim",
    "witness_claim", "witness_troubles", "report_claim"};

TEST_F(FsckTest, AStoreThatNobodyTouchedIsClean) {
  EXPECT_EQ(found(), "");
  EXPECT_EQ(counts_.hosts, 2);
  EXPECT_EQ(counts_.certificates, 2);
  EXPECT_EQ(counts_.snapshots, 5);
  EXPECT_EQ(counts_.entries, 25);
  EXPECT_EQ(counts_.tiles, 1);
  EXPECT_EQ(counts_.files, 1);
  EXPECT_EQ(counts_.reports, 1);
  EXPECT_GE(counts_.tables, 4);
  EXPECT_GE(counts_.checkpoints, 1);
  EXPECT_EQ(counts_.time_stamps, 1);
  EXPECT_EQ(counts_.cosignatures, 1);
  EXPECT_EQ(counts_.unknown_signers, 0);
}

TEST_F(FsckTest, WhoSignedATimeStampIsNotVouchedForWithoutItsCa) {
  authorities_.clear();
  EXPECT_EQ(found(), "");
  EXPECT_EQ(counts_.time_stamps, 1);
  EXPECT_EQ(counts_.unknown_signers, 1);
  authorities_ = evidence::StampAuthority().ca();
  EXPECT_NE(found(), "");
}

TEST_F(FsckTest, ATimeStampOutlivesItsCheckpoint) {
  auto mail = enroll("mail-1");
  (void)scan(mail);
  log();
  Database database(path());
  database.texts(
      "DELETE FROM ledger_checkpoints WHERE size < (SELECT max(size) FROM"
      " ledger_checkpoints)");
  EXPECT_EQ(found(), "");
}

TEST_F(FsckTest, EveryAlteredByteOfATokenIsFoundWithoutItsCaToo) {
  authorities_.clear();
  Database database(path());
  const auto cell = database.cells("ledger_time_stamps", "token").at(0);
  for (double where = 0; where <= 1; where += 1.0 / 64) {
    ASSERT_TRUE(alter(database, cell, where));
    EXPECT_NE(found(), "") << where;
    restore(database, cell);
  }
}

// Whoever writes the digest anew, too, has still to find an authority that signs it.
TEST_F(FsckTest, AForgedTimeStampIsFound) {
  const auto good = store_->time_stamps({})->items.at(0);
  Database database(path());
  const evidence::StampAuthority stranger;
  const std::vector<std::pair<std::string, const evidence::StampAuthority*>> forgeries = {
      {good.note, &stranger}, {"another note", &authority_}};
  for (const auto& [note, authority] : forgeries) {
    const auto query = evidence::time_stamp_query(evidence::sha256(note)).value();
    auto forged = good;
    forged.note = note;
    forged.token =
        evidence::time_stamp_in(authority->reply(query.der, now_), query, authority->ca()).value();
    forged.at = now_;
    ASSERT_TRUE(store_->add_time_stamp(forged));
    EXPECT_NE(found(), "");
    database.texts("DELETE FROM ledger_time_stamps WHERE number > " + std::to_string(good.number));
  }
  EXPECT_EQ(found(), "");
}

// A witness has seen a ledger that is another than this one.
TEST_F(FsckTest, ACosignatureOfAnotherLedgerIsFound) {
  const auto mine = store_->checkpoint()->head;
  for (const evidence::TreeHead& head :
       {evidence::TreeHead{mine.size, evidence::sha256("x")}, {mine.size + 1, mine.root}}) {
    const auto note =
        key_.sign(evidence::to_text(evidence::Checkpoint{key_.verifier().name, head, {}})).value();
    ASSERT_TRUE(store_->add_cosignature(
        {evidence::to_text(witness_.key), head.size, now_, note, witness_.line_over(note, now_)}));
    EXPECT_NE(found().find("co-signature"), std::string::npos);
  }
}

TEST_F(FsckTest, WhatWaitsForTheLedgerIsNoDamage) {
  auto mail = enroll("mail-1");
  (void)scan(mail);
  EXPECT_EQ(found(), "");
  EXPECT_EQ(counts_.snapshots, 6);
  EXPECT_EQ(counts_.entries, 25);
}

TEST_F(FsckTest, EveryTableOfTheDatabaseIsProvenOrKnownNotToBe) {
  Database database(path());
  for (const auto& table : database.texts("SELECT name FROM sqlite_master WHERE type = 'table'"))
    EXPECT_NE(kProven.contains(table), kNotProven.contains(table)) << table;
}

TEST_F(FsckTest, EveryAlteredByteOfWhatIsProvenIsFound) {
  judges_again_ = false;  // it proves itself
  Database database(path());
  int altered = 0;
  for (const auto& [table, columns] : kProven) {
    for (const auto& column : columns) {
      const auto cells = database.cells(table, column);
      ASSERT_FALSE(cells.empty()) << table << "." << column;
      for (const auto& cell : cells) {
        for (const double where : {0.0, 0.5, 1.0}) {
          // A key that is altered into another, or out of its constraint, the database refuses.
          if (!alter(database, cell, where)) {
            forget();
            continue;
          }
          ++altered;
          auto place = cell;
          if (column == "number" || column == "size") ++place.row;  // the rowid itself
          if (table == "ledger_time_stamps" || table == "ledger_cosignatures" ||
              table == "ledger_tiles" || column == "last_snapshot" || column == "last_act")
            place = cell;
          EXPECT_NE(found(), "") << table << "." << column << " of row " << cell.row << " at "
                                 << where;
          restore(database, place);
        }
      }
    }
  }
  EXPECT_GT(altered, 200);
  EXPECT_EQ(found(), "") << "all of it was restored";
}

TEST_F(FsckTest, ARowThatIsGoneIsFound) {
  for (const auto* sql :
       {"DELETE FROM snapshots WHERE number = 2", "DELETE FROM snapshots WHERE number = 3",
        "DELETE FROM tables WHERE number = 1", "DELETE FROM ledger_entries WHERE number = 3",
        "DELETE FROM ledger_entries WHERE number = 1", "DELETE FROM ledger_tiles",
        "DELETE FROM ledger_checkpoints WHERE size = (SELECT max(size) FROM ledger_checkpoints)",
        "DELETE FROM acts", "DELETE FROM packs", "DELETE FROM files", "DELETE FROM terms",
        "DELETE FROM reports", "DELETE FROM certificates WHERE number = 1", "DELETE FROM tokens",
        "DELETE FROM approvals", "DELETE FROM register_entries", "DELETE FROM attestation_acts"}) {
    EXPECT_NE(found_after(sql), "") << sql;
  }
}

// Who may write into the database lets nobody in unseen.
TEST_F(FsckTest, ATokenThatNobodyMadeIsFound) {
  for (const auto* sql :
       {"INSERT INTO tokens (id, kind, hash, name, role, created, host_id) VALUES ('T-X', 'person',"
        " randomblob(32), 'Eve', 'admin', 5, '')",
        "UPDATE tokens SET role = 'admin' WHERE name = 'Ann'",
        "UPDATE tokens SET hash = randomblob(32) WHERE name = 'Ann'",
        "UPDATE tokens SET expires = NULL WHERE name = 'Ann'",
        "UPDATE tokens SET revoked_at = NULL WHERE name = 'Bob'",
        "UPDATE tokens SET spent_at = NULL, host_id = '' WHERE host_id <> ''",
        "UPDATE hosts SET enrolled_at = enrolled_at - 1",
        "INSERT INTO hosts (id, name, profile, os, enrolled_at) VALUES ('x', 'x', 'server', '', "
        "5)"})
    EXPECT_NE(found_after(sql), "") << sql;
}

TEST_F(FsckTest, AReportThatSaysSomethingElseIsNamed) {
  EXPECT_NE(found_after("UPDATE reports SET digest = zeroblob(32)").find("report 2026-W46"),
            std::string::npos);
  EXPECT_NE(found_after("UPDATE reports SET frame = x'00'").find("report 2026-W46"),
            std::string::npos);
}

TEST_F(FsckTest, ChangesNothing) {
  Database database(path());
  const auto before = database.texts("SELECT group_concat(hex(hashes)) FROM ledger_tiles");
  const auto changes = database.texts("PRAGMA data_version");
  EXPECT_EQ(found(), "");
  EXPECT_EQ(database.texts("PRAGMA data_version"), changes) << "another connection has written";
  EXPECT_EQ(database.texts("SELECT group_concat(hex(hashes)) FROM ledger_tiles"), before);
}

TEST_F(FsckTest, AForeignLedgerKeyOrCaIsFound) {
  FsckOptions options{ca_.certificate,
                      evidence::verifier_key_of(evidence::new_note_key().value(),
                                                key_.verifier().name, evidence::KeyKind::kLog)
                          .value(),
                      nullptr};
  EXPECT_GT(fsck(*store_, options)->damaged, 0);
}

TEST_F(FsckTest, WhatIsCalledRemovedMustHaveBeenOldEnough) {
  Database database(path());
  const auto mark = "UPDATE snapshots SET removed_at = " + std::to_string(seconds());
  (void)database.texts(mark + " WHERE number = 1");
  EXPECT_NE(found().find("it was removed before its time was over"), std::string::npos);
  EXPECT_NE(found().find("it is called removed and is still there"), std::string::npos);
  ASSERT_TRUE(store_->begin_removal(now_, now_ - std::chrono::days(1)));
  (void)database.texts("UPDATE snapshots SET manifest = x'', signature = x'' WHERE number = 1");
  EXPECT_NE(found().find("it was removed before its time was over"), std::string::npos);
  (void)database.texts("UPDATE removals SET horizon = at");
  EXPECT_NE(found().find("its horizon is behind its own time"), std::string::npos);
}

TEST_F(FsckTest, AUseOfATableThatWasDatedBackIsFound) {
  Database database(path());
  (void)database.texts("UPDATE table_uses SET used_at = used_at - 86400 * 31");
  EXPECT_NE(found().find("would be removed before its time"), std::string::npos);
}

}  // namespace
}  // namespace assay::collector::api
