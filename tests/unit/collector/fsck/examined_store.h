// A store with something of everything in it, which fsck reads as it is, altered, and restored.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "collector/fsck/fsck.h"
#include "collector/ledger/ledger_key.h"
#include "collector/ledger/sequencer.h"
#include "collector/records/register_tables.h"
#include "collector/stamps/time_stamper.h"
#include "collector/store/sqlite/sqlite_store.h"
#include "evidence/ledger/time_stamp_exchange.h"
#include "evidence/signature.h"
#include "tests/unit/collector/api/world.h"
#include "tests/unit/collector/fsck/database.h"
#include "tests/unit/evidence/ledger/note_signer.h"
#include "tests/unit/evidence/ledger/stamp_authority.h"

namespace assay::collector::api {

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
    withdraw();
    record(web);
    approve();
    add_people();
    make_pack();
    waive();
    set_terms();
    make_report();
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

  Attestation attestation_of(const std::string& framework) const {
    Attestation attestation;
    attestation.framework = framework;
    attestation.edition = "2021";
    attestation.control = "3";
    attestation.statement = "The committee met.";
    attestation.owner = "Mei-ling";
    attestation.attested_on = evidence::to_date(now_);
    attestation.until = evidence::to_date(now_ + std::chrono::days(30));
    attestation.recorder = recorder_;
    attestation.recorded_at = now_;
    return attestation;
  }

  // An attestation that somebody took back.
  void withdraw() {
    const auto added = store_->add_attestation(attestation_of("mild"));
    ASSERT_TRUE(added) << added.error().message();
    ASSERT_TRUE(store_->withdraw_attestation(added->id, recorder_, "it did not", now_));
  }

  void record(const Machine& machine) {
    RegisterEntry entry;
    entry.host_id = machine.id;
    entry.fields = R"({"owner":"Lin"})";
    entry.groups = {"branches"};
    entry.by = {"t1", "Lin"};
    entry.note = "moved";
    entry.since = now_;
    const auto change = change_to(entry);
    ASSERT_TRUE(change) << change.error().message();
    const auto done = store_->change_register({&*change, 1});
    ASSERT_TRUE(done) << done.error().message();
    EXPECT_TRUE(evaluator_->evaluate(machine.id));
  }

  // One package is approved, and another is not any more.
  void approve() {
    (void)change("/api/v1/approvals/allowlist",
                 {{"rows", {{{"kind", "deb"}, {"name", "vim"}}, {{"kind", "deb"}, {"name", "nc"}}}},
                  {"until", "2027-06-30"},
                  {"note", "needed"}});
    (void)change(
        "/api/v1/approvals/allowlist/withdraw",
        {{"ids", {get("/api/v1/approvals/allowlist")["items"][0]["id"]}}, {"note", "gone"}});
  }

  // Who may come in for a while, and who may not any more.
  void add_people() {
    (void)add_person("Ann", Role::kAuditor, std::chrono::hours(24 * 365));
    const auto gone = new_person_token({}, "Bob", Role::kOperator, now_, std::nullopt).value();
    ASSERT_TRUE(store_->add_token(gone.record));
    ASSERT_TRUE(store_->revoke_token(gone.record.id, now_ + std::chrono::minutes(1)));
  }

  void set_terms() {
    EXPECT_TRUE(store_->add_terms({std::chrono::days(7), {"A", {{"internet-order"}}}}, now_));
  }

  void make_report() {
    const ReportRecord report{
        "2026-W46", now_ - std::chrono::days(8), now_ - std::chrono::days(1), {}, now_};
    EXPECT_TRUE(store_->add_report(report, R"({"week":"2026-W46","new":[]})"));
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
    const auto added = store_->add_attestation(attestation_of("strict"));
    ASSERT_TRUE(added) << added.error().message();
    ASSERT_TRUE(
        store_->attach(added->id, "minutes.txt", "minutes of the meeting", recorder_, now_));
  }
  std::string path() const { return folder_ + "/assay.db"; }

  // What is found damaged, one in a line; the text of the Error when the store cannot be read.
  std::string found() {
    std::string lines;
    const auto counts =
        fsck(*store_, {ca_.certificate, key_.verifier(),
                       [&lines](const Text& subject, const Text& detail) {
                         lines.append(subject.en).append(": ").append(detail.en).append("\n");
                       },
                       authorities_, judges_again_ ? service_->content : nullptr});
    if (!counts) return "the store cannot be read: " + counts.error().message();
    EXPECT_EQ(counts->damaged > 0, !lines.empty());
    counts_ = *counts;
    return lines;
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
  const Actor recorder_{"token-1", "Mei-ling"};
  bool judges_again_ = true;  // false: what is in the store was made up
  FsckCounts counts_;
  std::vector<sqlite3_value*> originals_;
};

}  // namespace assay::collector::api
