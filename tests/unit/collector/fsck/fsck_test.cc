// One byte of each stored thing is altered in turn, and each is found.
#include "collector/fsck/fsck.h"

#include <filesystem>
#include <map>
#include <set>

#include "collector/ledger/ledger_key.h"
#include "collector/ledger/sequencer.h"
#include "collector/stamps/time_stamper.h"
#include "collector/store/sqlite/sqlite_store.h"
#include "evidence/ledger/checkpoint.h"
#include "evidence/ledger/time_stamp_exchange.h"
#include "evidence/signature.h"
#include "tests/unit/collector/api/world.h"
#include "tests/unit/collector/fsck/database.h"
#include "tests/unit/evidence/ledger/note_signer.h"
#include "tests/unit/evidence/ledger/stamp_authority.h"

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
    {"ledger_time_stamps", {"size", "at", "note", "token", "digest"}},
    {"ledger_cosignatures", {"witness", "size", "at", "note", "line"}},
    {"catalogues", {"digest", "frame"}},
};
// What has no digest of its own: who may come in, what people recorded, what was judged and can be
// judged again. A new table has to be put on one side or the other.
const std::set<std::string> kNotProven = {
    "tokens", "catalogue_times", "hosts", "events", "results", "marks", "verdicts", "findings",
    "finding_spans", "verdict_groups", "finding_groups", "finding_heads", "register_entries",
    "approvals", "attestation_acts",
    // These have tests of their own.
    "verdict_sets", "finding_sets", "table_uses", "removals", "store_state", "time_stamp_claim",
    "witness_claim", "witness_troubles"};

class FsckTest : public World {
 protected:
  FsckTest() {
    keeps_differences_ = true;
    auto web = enroll("web-1");
    auto db = enroll("db-1");
    for (int i = 0; i < 3; ++i) {
      web.minlen = 12 + i;
      (void)scan(web);
      log();
    }
    for (int i = 0; i < 2; ++i) {
      (void)scan(db);
      log();
    }
    attach();
    make_pack();
    waive();
    log();
    stamp();
    cosign(witness_);
  }

  void waive() {
    Waiver waiver;
    waiver.scope.check_id = "PWD-LENGTH";
    waiver.reason = "old";
    waiver.measure = "bastion";
    waiver.requester = {"t1", "Lin"};
    waiver.requested_at = now_;
    waiver.until = evidence::to_date(now_ + std::chrono::days(30));
    const auto asked = store_->add_waiver(waiver);
    ASSERT_TRUE(asked) << asked.error().message();
    const WaiverAct agreed{WaiverAct::Kind::kApproved, {"t2", "Mei"}, "until then", now_};
    ASSERT_TRUE(store_->act_on_waiver(asked->id, agreed));
  }

  void make_pack() {
    PackRecord pack;
    pack.framework = "strict";
    pack.edition = "1";
    pack.since = now_ - std::chrono::days(30);
    pack.as_of = now_ - std::chrono::hours(1);
    pack.hosts = {"host-1"};
    pack.digest = evidence::sha256("pack.json");
    pack.by = {"t1", "Lin"};
    pack.at = now_;
    EXPECT_TRUE(store_->add_pack(pack));
  }

  void cosign(const evidence::NoteSigner& witness) {
    const auto latest = store_->checkpoint().value();
    EXPECT_TRUE(store_->add_cosignature({evidence::to_text(witness.key), latest.head.size, now_,
                                         latest.note, witness.line_over(latest.note, now_)}));
  }
  // Has the latest checkpoint stamped, an hour later.
  void stamp() {
    now_ += std::chrono::hours(1);
    TimeStamperOptions options;
    options.authorities = authority_.ca();
    options.ledger = key_.verifier();
    options.now = [this] { return now_; };
    options.ask = [this](const std::string& query, const std::stop_token&) -> Result<std::string> {
      return authority_.reply(query, now_);
    };
    const auto done = stamp_once(*store_, options);
    EXPECT_TRUE(done && *done);
  }
  void log() {
    SequencerOptions options;
    options.now = [this] { return now_; };
    EXPECT_TRUE(sequence_once(*store_, key_, options));
  }
  void attach() {
    Attestation attestation;
    attestation.framework = "strict";
    attestation.edition = "2021";
    attestation.control = "3";
    attestation.statement = "The committee met.";
    attestation.owner = "Mei-ling";
    attestation.attested_on = evidence::to_date(now_);
    attestation.until = evidence::to_date(now_ + std::chrono::days(30));
    attestation.recorder = {"token-1", "Mei-ling"};
    attestation.recorded_at = now_;
    const auto added = store_->add_attestation(attestation);
    ASSERT_TRUE(added) << added.error().message();
    ASSERT_TRUE(store_->attach(added->id, "minutes.txt", "minutes of the meeting",
                               attestation.recorder, now_));
  }
  std::string path() const { return folder_ + "/assay.db"; }

  // What is found damaged, one in a line; the text of the Error when the store cannot be read.
  std::string found() {
    std::string lines;
    const auto counts =
        fsck(*store_, {ca_.certificate, key_.verifier(),
                       [&lines](const std::string& subject, const std::string& detail) {
                         lines.append(subject).append(": ").append(detail).append("\n");
                       },
                       authorities_});
    if (!counts) return "the store cannot be read: " + counts.error().message();
    EXPECT_EQ(counts->damaged > 0, !lines.empty());
    counts_ = *counts;
    return lines;
  }

  // Verdicts of a family and findings of a check that begin at once, as fleets have them.
  void judge_at_once() {
    EvaluationChange change;
    change.mark = store_->mark(store_->hosts({}, {})->items.at(0).id).value();
    change.mark.evaluated_at = now_;
    for (const auto* check : {"ZZZ-A", "ZZZ-B", "ZZZ-C"}) {
      VerdictInterval verdict;
      verdict.host_id = change.mark.host_id;
      verdict.check_id = check;
      verdict.parameters = "{}";
      verdict.frameworks = {"strict"};
      verdict.state =
          check == std::string("ZZZ-A") ? checks::State::kUnknown : checks::State::kFail;
      verdict.reason = "because";
      verdict.key = evidence::sha256(check);
      verdict.check_digest = evidence::sha256("rule");
      verdict.since = now_;
      change.begun.push_back(verdict);
      Finding finding;
      finding.id = evidence::sha256(check);
      finding.host_id = change.mark.host_id;
      finding.check_id = "ZZZ-B";
      finding.key = check;
      finding.row = "{}";
      finding.frameworks = {"strict"};
      finding.first_seen = finding.opened_at = finding.last_seen = now_;
      change.appeared.push_back(finding);
    }
    const auto done = store_->commit_evaluation(change);
    EXPECT_TRUE(done) << done.error().message();
  }

  // What is found in a copy to which `sql` was done, past all that refers to it.
  std::string found_after(const std::string& sql) {
    Database database(path());
    const std::string copy = folder_ + "/copy.db";
    database.texts("VACUUM INTO '" + copy + "'");
    {
      Database damaged(copy);
      damaged.texts("PRAGMA foreign_keys = OFF");
      damaged.texts(sql);
    }
    auto original = std::move(store_);
    store_ = sqlite::SqliteStore::open({copy}).value();
    auto lines = found();
    store_ = std::move(original);
    std::filesystem::remove(copy);
    return lines;
  }

  // Alters one byte (or adds 1 to a number) of the cell. False when the database does not let it.
  bool alter(Database& database, const Cell& cell, double where) {
    auto* value = database.read(cell);
    const bool is_done = database.write(cell, [&](sqlite3_stmt* statement) {
      if (sqlite3_value_type(value) == SQLITE_INTEGER) {
        sqlite3_bind_int64(statement, 1, sqlite3_value_int64(value) + 1);
        return;
      }
      const bool is_text = sqlite3_value_type(value) == SQLITE_TEXT;
      std::string bytes(static_cast<const char*>(sqlite3_value_blob(value)),
                        static_cast<std::size_t>(sqlite3_value_bytes(value)));
      if (bytes.empty()) bytes = "x";
      const auto at = static_cast<std::size_t>(where * static_cast<double>(bytes.size() - 1));
      bytes[at] = static_cast<char>(bytes[at] ^ 1);
      if (is_text)
        sqlite3_bind_text(statement, 1, bytes.data(), static_cast<int>(bytes.size()),
                          SQLITE_TRANSIENT);
      else
        sqlite3_bind_blob(statement, 1, bytes.data(), static_cast<int>(bytes.size()),
                          SQLITE_TRANSIENT);
    });
    originals_.push_back(value);
    return is_done;
  }
  void restore(Database& database, const Cell& cell) {
    auto* value = originals_.back();
    originals_.pop_back();
    EXPECT_TRUE(database.write(
        cell, [&](sqlite3_stmt* statement) { sqlite3_bind_value(statement, 1, value); }));
    sqlite3_value_free(value);
  }
  void forget() {
    sqlite3_value_free(originals_.back());
    originals_.pop_back();
  }

  LedgerKey key_ =
      LedgerKey::open_or_create(folder_, evidence::read_certificate(ca_.certificate)->fingerprint)
          .value();
  evidence::NoteSigner witness_{"witness.example/w1"};
  evidence::StampAuthority authority_;
  std::string authorities_ = authority_.ca();
  FsckCounts counts_;
  std::vector<sqlite3_value*> originals_;
};

TEST_F(FsckTest, AStoreThatNobodyTouchedIsClean) {
  EXPECT_EQ(found(), "");
  EXPECT_EQ(counts_.hosts, 2);
  EXPECT_EQ(counts_.certificates, 2);
  EXPECT_EQ(counts_.snapshots, 5);
  EXPECT_EQ(counts_.entries, 10);
  EXPECT_EQ(counts_.tiles, 1);
  EXPECT_EQ(counts_.files, 1);
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
  EXPECT_EQ(counts_.entries, 10);
}

TEST_F(FsckTest, EveryTableOfTheDatabaseIsProvenOrKnownNotToBe) {
  Database database(path());
  for (const auto& table : database.texts("SELECT name FROM sqlite_master WHERE type = 'table'"))
    EXPECT_NE(kProven.contains(table), kNotProven.contains(table)) << table;
}

TEST_F(FsckTest, EveryAlteredByteOfWhatIsProvenIsFound) {
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
        "DELETE FROM acts", "DELETE FROM packs", "DELETE FROM files",
        "DELETE FROM certificates WHERE number = 1"}) {
    EXPECT_NE(found_after(sql), "") << sql;
  }
}

TEST_F(FsckTest, ASetThatSaysSomethingElseIsFound) {
  judge_at_once();
  EXPECT_EQ(found(), "");
  const auto state = "state = CASE state WHEN 'unknown' THEN 'unknowo' ELSE 'unknown' END";
  const std::map<std::string, std::vector<std::string>> changes = {
      {"verdict_sets",
       {"check_id = check_id || 'x'", "parameters = parameters || ' '",
        "frameworks = frameworks || 'x'", "frameworks = substr(frameworks, 2)", state,
        "reason = reason || 'x'", "key = zeroblob(32)", "check_digest = zeroblob(32)",
        "digest = zeroblob(32) WHERE digest = (SELECT min(digest) FROM verdict_sets)"}},
      {"finding_sets",
       {"row = row || ' '", "key = 'x' || key", "frameworks = frameworks || 'x'", "at = at + 10",
        "digest = zeroblob(32)"}}};
  for (const auto& [table, all] : changes) {
    for (const auto& change : all)
      EXPECT_NE(found_after("UPDATE " + table + " SET " + change).find("what was stored"),
                std::string::npos)
          << table << ": " << change;
    EXPECT_NE(found_after("DELETE FROM " + table + " WHERE digest IN (SELECT digest FROM " + table +
                          " ORDER BY digest LIMIT 1)"),
              "")
        << table;
  }
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
