// A collector that shows a ledger of its own making to an auditor who knows its key.
#include "cli/audit/ledger_audit.h"

#include <gtest/gtest.h>

#include <map>

#include "evidence/ledger/act.h"
#include "evidence/ledger/checkpoint.h"
#include "evidence/ledger/entry.h"
#include "evidence/ledger/origin.h"
#include "evidence/ledger/tiles.h"
#include "tests/unit/evidence/ledger/note_signer.h"

namespace assay::cli {
namespace {

using evidence::LedgerEntry;
using Outcome = evidence::Verification::Outcome;

class MadeUpCollector final : public Remote {
 public:
  void log(std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
      const auto sequence = static_cast<std::int64_t>(entries_.size()) + 1;
      entries_.push_back(evidence::to_text(LedgerEntry{evidence::sha256(std::to_string(sequence)),
                                                       "host-1", sequence, evidence::Seconds()}));
    }
    seal();
  }
  // A person's act, which it shows.
  void log_act() {
    const auto number = static_cast<std::int64_t>(acts_.size()) + 1;
    const evidence::Act act{number, "host_revoked", "h1", {}, "", "", {{"host", "h1"}}};
    acts_.push_back({{"number", number},
                     {"kind", act.kind},
                     {"record", act.record},
                     {"at", "1970-01-01T00:00:00Z"},
                     {"token", ""},
                     {"name", ""},
                     {"details", {{"host", "h1"}}},
                     {"index", entries_.size()}});
    entries_.push_back(evidence::to_text(
        LedgerEntry{evidence::sha256(evidence::to_text(act)), "", number, act.at}));
    seal();
  }
  // Signs what is there now, as it stands.
  void seal() {
    std::vector<evidence::Digest> leaves;
    for (const auto& entry : entries_) leaves.push_back(evidence::leaf_hash(entry));
    const auto growth = evidence::grow(0, leaves, nullptr).value();
    tiles_ = growth.tiles;
    const auto text = evidence::to_text(evidence::Checkpoint{key_.name, growth.head, {}});
    checkpoint_ =
        evidence::to_text(evidence::Note{text, {evidence::sign_note(pem_, key_, text).value()}});
  }

  // Says of the first `removed_` that they are.
  Result<Json> get(const std::vector<std::string>& path, const Query& query) override {
    if (path.front() == "ledger") return Json{{"items", cosignatures_}, {"next", nullptr}};
    if (path.front() == "acts") return Json{{"items", acts_}, {"next", nullptr}};
    EXPECT_EQ(path, std::vector<std::string>{"snapshots"});
    const auto& cursor = query.back().second;
    const std::int64_t first = cursor.empty() ? 1 : std::stoll(cursor);
    Json items = Json::array();
    for (auto sequence = first; sequence < first + 100; ++sequence)
      items.push_back({{"id", evidence::sha256(std::to_string(sequence)).hex()},
                       {"removed_at", sequence <= removed_ ? Json("2031-01-01") : Json()}});
    const bool is_last = first + 100 > static_cast<std::int64_t>(entries_.size());
    return Json{{"items", items}, {"next", is_last ? Json() : Json(std::to_string(first + 100))}};
  }
  Result<Json> post(const std::vector<std::string>&, const Query&, const RequestBody&) override {
    return nobody();
  }
  Result<Json> put(const std::vector<std::string>&, const std::string&) override {
    return nobody();
  }
  Result<std::string> download(const std::vector<std::string>& path) override {
    if (++questions_ > patience_) return nobody();
    if (path.front() == "snapshots") return refuse(Code::kNotFound, {"gone", "不存在"});
    if (path[1] == "checkpoint") return checkpoint_;
    std::string name;
    for (std::size_t i = 2; i < path.size(); ++i) name += (i > 2 ? "/" : "") + path[i];
    const auto wanted = evidence::tile_path_from(name).value();
    if (wanted.tile.level != evidence::kEntryLevel)
      return tiles_.at(wanted.tile).substr(0, static_cast<std::size_t>(wanted.width) * 32);
    std::string bytes;
    const auto first = static_cast<std::size_t>(wanted.tile.index) * 256;
    for (std::size_t i = first; i < first + static_cast<std::size_t>(wanted.width); ++i) {
      bytes += static_cast<char>(entries_[i].size() >> 8U);
      bytes += static_cast<char>(entries_[i].size() & 255U);
      bytes += entries_[i];
    }
    return bytes + more_;
  }

  std::string pem_ = evidence::new_note_key().value();
  evidence::VerifierKey key_ =
      evidence::verifier_key_of(pem_, evidence::ledger_origin(evidence::sha256("CA")),
                                evidence::KeyKind::kLog)
          .value();
  std::vector<std::string> entries_;
  std::map<evidence::TileId, std::string> tiles_;
  std::string checkpoint_;
  // The witness has seen what is there now.
  void cosign(const evidence::NoteSigner& witness) {
    cosignatures_.push_back({{"witness", evidence::to_text(witness.key)},
                             {"checkpoint", checkpoint_ + witness.line_over(checkpoint_, kSeen)}});
  }

  static constexpr evidence::Seconds kSeen{std::chrono::days(700)};
  Json cosignatures_ = Json::array();
  Json acts_ = Json::array();
  std::int64_t removed_ = 0;
  std::string more_;  // behind each tile of entries
  int questions_ = 0;
  int patience_ = 1'000'000;

 private:
  static std::unexpected<Error> nobody() {
    return refuse(Code::kUnavailable, {"nobody answers", "無回應"});
  }
};

class LedgerAuditTest : public testing::Test {
 protected:
  AuditAnswer audit() {
    AuditRequest request;
    request.key = collector_.key_;
    request.since = since_;
    request.witnesses = {witness_.key};
    if (!is_witnessed_) request.witnesses.clear();
    request.now = now_;
    auto answer = audit_ledger(collector_, request);
    EXPECT_TRUE(answer) << answer.error().message();
    return answer.value_or(AuditAnswer());
  }
  // What is said of one subject, lines of that outcome.
  std::vector<std::string> said(Outcome outcome, std::string_view subject) {
    std::vector<std::string> details;
    for (const auto& line : audit().report.entries)
      if (line.outcome == outcome && line.subject.en.starts_with(subject))
        details.push_back(line.detail.en);
    return details;
  }

  MadeUpCollector collector_;
  evidence::NoteSigner witness_{"witness.example/w1"};
  bool is_witnessed_ = false;  // it is asked for
  std::string since_;
  evidence::Seconds now_{std::chrono::days(800)};  // everything was accepted at 0
};

TEST_F(LedgerAuditTest, ALedgerThatHoldsIsGoodAndEvidenceThatIsGoneIsBad) {
  collector_.log(600);
  EXPECT_EQ(said(Outcome::kGood, "entries").size(), 1U);
  EXPECT_EQ(said(Outcome::kBad, "snapshot ").size(), kSampledSnapshots);
  EXPECT_EQ(said(Outcome::kBad, "tile").size(), 0U);
  const auto answer = audit();
  EXPECT_FALSE(answer.report.is_good());
  EXPECT_EQ(answer.entries, 600);
  EXPECT_EQ(answer.looked_at, 20);
  EXPECT_FALSE(answer.is_complete());
  EXPECT_EQ(said(Outcome::kNotChecked, "snapshots").front(),
            "580 of 600 were not looked at (--all looks at each)");
}

TEST_F(LedgerAuditTest, WhatIsCalledRemovedIsNotCheckedUnlessItsRetentionCannotBeOver) {
  collector_.log(20);
  collector_.removed_ = 15;
  EXPECT_EQ(said(Outcome::kBad, "snapshot ").size(), 5U);
  ASSERT_EQ(said(Outcome::kNotChecked, "snapshots").size(), 1U);
  EXPECT_TRUE(said(Outcome::kNotChecked, "snapshots").front().starts_with("15 are in the ledger"));
  now_ = evidence::Seconds(std::chrono::days(300));
  EXPECT_EQ(said(Outcome::kBad, "snapshot ").size(), 20U);
}

TEST_F(LedgerAuditTest, ActsBetweenSnapshotsAreHeldAgainstWhatTheCollectorShows) {
  collector_.log(2);
  collector_.log_act();
  collector_.log(2);
  collector_.log_act();
  EXPECT_EQ(said(Outcome::kGood, "acts of people").size(), 2U);
  EXPECT_EQ(said(Outcome::kBad, "act").size(), 0U);
  const auto answer = audit();
  EXPECT_EQ(answer.entries, 6);
  EXPECT_EQ(answer.snapshots, 4);
  EXPECT_EQ(answer.acts, 2);
  EXPECT_EQ(answer.acts_compared, 2);
  collector_.acts_[1]["details"]["host"] = "h2";
  EXPECT_EQ(said(Outcome::kBad, "act 2").size(), 1U);
  EXPECT_EQ(said(Outcome::kGood, "entries").size(), 1U) << "the log itself is as it was signed";
}

TEST_F(LedgerAuditTest, AnAlteredEntryIsFoundByItsTileAndByTheRoot) {
  collector_.log(600);
  collector_.entries_[300][60] ^= 1;
  EXPECT_EQ(said(Outcome::kGood, "entries").size(), 0U);
  ASSERT_EQ(said(Outcome::kBad, "tile 0/001").size(), 1U);
  EXPECT_NE(said(Outcome::kBad, "tile 0/001").front().find("hash 44"), std::string::npos);
  EXPECT_EQ(said(Outcome::kBad, "tile 1/000").size(), 1U);
  EXPECT_EQ(said(Outcome::kBad, "entries").size(), 1U);
}

TEST_F(LedgerAuditTest, ATileThatIsNotOfTheEntriesIsBadAlthoughTheRootIsRight) {
  collector_.log(600);
  collector_.tiles_[{1, 0}][40] ^= 1;
  EXPECT_EQ(said(Outcome::kBad, "tile 1/000").size(), 1U);
  collector_.tiles_[{1, 0}].clear();
  EXPECT_EQ(said(Outcome::kBad, "tile 1/000").size(), 1U);
  EXPECT_EQ(said(Outcome::kBad, "entries").size(), 0U);
}

TEST_F(LedgerAuditTest, WhatIsCutOffOrTooMuchIsBad) {
  collector_.log(3);
  collector_.more_ = "more";
  EXPECT_EQ(said(Outcome::kBad, "entries").size(), 1U);
  collector_.more_.clear();
  collector_.entries_[1].resize(70'000, 'x');  // its length does not fit into two bytes
  EXPECT_EQ(said(Outcome::kGood, "entries").size(), 0U);
  EXPECT_FALSE(audit().report.is_good());
}

TEST_F(LedgerAuditTest, ALogThatWasSignedAnewIsFoundByAKeptCheckpoint) {
  collector_.log(300);
  since_ = collector_.checkpoint_;
  EXPECT_EQ(said(Outcome::kGood, "kept").size(), 1U);
  collector_.log(300);
  EXPECT_EQ(said(Outcome::kGood, "kept").size(), 1U);
  collector_.entries_[7][60] ^= 1;
  collector_.seal();
  EXPECT_EQ(said(Outcome::kBad, "kept").size(), 1U);
  EXPECT_EQ(said(Outcome::kBad, "tile").size(), 0U) << "all else is as it should be";
  collector_.entries_.resize(20);
  collector_.seal();
  ASSERT_EQ(said(Outcome::kBad, "kept").size(), 1U);
  EXPECT_NE(said(Outcome::kBad, "kept").front().find("rewound"), std::string::npos);
}

TEST_F(LedgerAuditTest, ACheckpointOfAnotherKeyIsBadAndNothingElseIsBelieved) {
  collector_.log(3);
  MadeUpCollector other;
  other.log(3);
  collector_.checkpoint_ = other.checkpoint_;
  EXPECT_EQ(said(Outcome::kBad, "checkpoint").size(), 1U);
  EXPECT_EQ(audit().report.entries.size(), 1U);
  EXPECT_FALSE(audit().report.is_good());
}

TEST_F(LedgerAuditTest, WhenNobodyAnswersThatIsNoVerdict) {
  collector_.log(600);
  for (const int patience : {0, 1, 2, 3, 8}) {
    collector_.questions_ = 0;
    collector_.patience_ = patience;
    AuditRequest request;
    request.key = collector_.key_;
    const auto answer = audit_ledger(collector_, request);
    ASSERT_FALSE(answer) << patience;
    EXPECT_EQ(answer.error().code(), Code::kUnavailable);
  }
}

TEST_F(LedgerAuditTest, AWitnessThatIsAskedForMustHaveCosigned) {
  collector_.log(3);
  is_witnessed_ = true;
  EXPECT_EQ(said(Outcome::kBad, "witness").size(), 1U) << "it has not";
  collector_.cosign(witness_);
  collector_.log(4);
  ASSERT_EQ(said(Outcome::kGood, "witness").size(), 1U);
  EXPECT_TRUE(said(Outcome::kGood, "witness").front().ends_with("the first 3 of 7 entries"));
  EXPECT_EQ(said(Outcome::kBad, "witness").size(), 0U);
  is_witnessed_ = false;
  EXPECT_EQ(said(Outcome::kNotChecked, "witness").size(), 1U);
}

TEST_F(LedgerAuditTest, AWitnessThatHasSeenMoreOrAnotherLedgerIsBad) {
  collector_.log(5);
  collector_.cosign(witness_);
  is_witnessed_ = true;
  const auto all = collector_.entries_;
  collector_.entries_.resize(4);
  collector_.seal();
  ASSERT_EQ(said(Outcome::kBad, "witness").size(), 1U);
  EXPECT_TRUE(said(Outcome::kBad, "witness").front().starts_with("the ledger was rewound"));
  collector_.entries_ = all;
  std::swap(collector_.entries_[0], collector_.entries_[1]);
  collector_.seal();
  ASSERT_EQ(said(Outcome::kBad, "witness").size(), 1U);
  EXPECT_TRUE(said(Outcome::kBad, "witness").front().starts_with("the ledger was forked"));
  EXPECT_EQ(said(Outcome::kGood, "witness").size(), 0U);
}

}  // namespace
}  // namespace assay::cli
