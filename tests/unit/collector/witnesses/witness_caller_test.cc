// Which witnesses are asked, when and by whom, and what becomes of their answers.
#include "collector/witnesses/witness_caller.h"

#include <map>
#include <sstream>

#include "collector/ledger/ledger.h"
#include "evidence/base64.h"
#include "evidence/ledger/witness_exchange.h"
#include "evidence/refusal.h"
#include "tests/unit/collector/ledger/story.h"
#include "tests/unit/evidence/ledger/note_signer.h"

namespace assay::collector {
namespace {

// Remembers what it has seen, and checks what is new against it.
struct HonestWitness {
  explicit HonestWitness(const std::string& name) : signer(name) {}

  HttpAnswer answer(const std::string& body, evidence::Seconds now) {
    ++asked;
    const auto end = body.find("\n\n");
    const auto note = body.substr(end + 2);
    const auto checkpoint =
        evidence::checkpoint_from_text(evidence::note_from_text(note)->text).value();
    std::istringstream head(body.substr(0, end));
    std::string line;
    std::getline(head, line);
    if (line != "old " + std::to_string(seen.size))
      return {409, "text/x.tlog.size", std::to_string(seen.size) + "\n"};
    evidence::Proof proof;
    while (std::getline(head, line))
      proof.push_back(evidence::Digest::from_raw(evidence::from_base64(line).value()).value());
    if (seen.size == 0 ? !proof.empty()
                       : !evidence::verify_consistency(seen, checkpoint.head, proof))
      return {422, "text/plain", ""};
    seen = checkpoint.head;
    return {200, "text/plain", signer.line_over(note, now)};
  }

  evidence::NoteSigner signer;
  evidence::TreeHead seen{0, evidence::empty_root()};
  int asked = 0;
};

class WitnessCallerTest : public LedgerStory {
 protected:
  WitnessCallerTest() {
    now_ = evidence::from_timestamp("2026-11-20T00:00:00Z").value();
    options_.ledger = key_.verifier();
    options_.now = [this] { return now_; };
    for (auto* one : {&one_, &two_})
      options_.witnesses.push_back({one->signer.key, http_url_from("http://w.example/").value()});
    options_.ask = [this](const Witness& witness, const std::string& body,
                          const std::stop_token&) -> Result<HttpAnswer> {
      if (answer_instead_ && witness.key == one_.signer.key) return answer_instead_(body);
      return (witness.key == one_.signer.key ? one_ : two_).answer(body, now_);
    };
  }

  void log(int count = 1) {
    (void)accept(count);
    ASSERT_TRUE(sequence());
  }
  WitnessRound ask() { return ask_witnesses(*store_, options_).value(); }
  // The next time when all are due.
  void pass() { now_ += options_.every; }
  std::optional<StoredCosignature> said(const HonestWitness& witness) {
    const auto all = store_->cosignatures().value();
    for (const auto& one : all)
      if (one.witness == evidence::to_text(witness.signer.key)) return one;
    return std::nullopt;
  }
  std::optional<WitnessTrouble> trouble() {
    const auto all = store_->witness_troubles().value();
    return all.empty() ? std::nullopt : std::optional(all.front());
  }
  std::vector<std::string> alarms() {
    std::vector<std::string> out;
    const auto events = store_->events("", {}).value();
    for (const auto& event : events.items)
      if (event.kind == Event::Kind::kLedger) out.push_back(event.detail);
    return out;
  }

  HonestWitness one_{"witness.example/w1"};
  HonestWitness two_{"witness.example/w2"};
  std::function<Result<HttpAnswer>(const std::string& body)> answer_instead_;
  WitnessCallerOptions options_;
};

TEST_F(WitnessCallerTest, AnEmptyLedgerAsksNobody) {
  EXPECT_EQ(ask().cosignatures, 0);
  EXPECT_EQ(one_.asked, 0);
}

TEST_F(WitnessCallerTest, EachCosignsTheSameCheckpoint) {
  log(3);
  EXPECT_EQ(ask().cosignatures, 2);
  const auto note = store_->checkpoint()->note;
  for (const auto* witness : {&one_, &two_}) {
    const auto kept = said(*witness);
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->size, 3 + kActs);
    EXPECT_EQ(kept->at, now_);
    EXPECT_EQ(kept->note, note);
  }
  const auto served = cosigned_checkpoints(*store_).value();
  ASSERT_EQ(served.size(), 1U);
  const auto opened =
      evidence::open_checkpoint(served[0].note, key_.verifier(), key_.verifier().name,
                                std::vector{one_.signer.key, two_.signer.key});
  ASSERT_TRUE(opened) << opened.error().message();
  EXPECT_EQ(opened->witnesses.size(), 2U);
}

TEST_F(WitnessCallerTest, TheyAreAskedEverySoOften) {
  log();
  (void)ask();
  now_ += std::chrono::minutes(59);
  EXPECT_EQ(ask().cosignatures, 0);
  log();
  now_ += std::chrono::minutes(1);
  EXPECT_EQ(ask().cosignatures, 2);
  EXPECT_EQ(said(one_)->size, 2 + kActs);
  pass();
  EXPECT_EQ(ask().cosignatures, 2) << "also when nothing grew: that it did not shrink is worth it";
  EXPECT_EQ(said(one_)->at, now_);
}

TEST_F(WitnessCallerTest, OneThatWasLateIsAskedWithTheOthersTheNextTime) {
  log();
  answer_instead_ = [](const std::string&) { return fail(Code::kUnavailable, "nobody there"); };
  EXPECT_EQ(ask().failures, 1);
  EXPECT_EQ(ask().failures, 0) << "nobody is asked meanwhile";
  EXPECT_EQ(trouble()->what.en, "nobody there");
  EXPECT_FALSE(trouble()->is_alarm);
  answer_instead_ = {};
  now_ += kWitnessPause;
  EXPECT_EQ(ask().cosignatures, 1);
  EXPECT_EQ(two_.asked, 1);
  EXPECT_EQ(trouble(), std::nullopt);
  now_ = evidence::from_timestamp("2026-11-20T01:00:00Z").value();
  log();
  EXPECT_EQ(ask().cosignatures, 2);
  EXPECT_EQ(cosigned_checkpoints(*store_)->size(), 1U);
}

TEST_F(WitnessCallerTest, OfTwoCollectorsOneAsks) {
  log();
  auto other = options_;
  other.ask = [this](const Witness& witness, const std::string& body, const std::stop_token& stop) {
    EXPECT_EQ(ask().cosignatures + ask().failures, 0) << "while this one asks";
    return options_.ask(witness, body, stop);
  };
  EXPECT_EQ(ask_witnesses(*store_, other)->cosignatures, 2);
  EXPECT_EQ(one_.asked, 1);
}

TEST_F(WitnessCallerTest, OneThatWasSetBackIsAskedFromThere) {
  log(2);
  (void)ask();
  const auto old = one_.seen;
  log(3);
  pass();
  (void)ask();
  one_.seen = old;
  two_.seen = {0, evidence::empty_root()};
  log();
  pass();
  EXPECT_EQ(ask().cosignatures, 2);
  EXPECT_EQ(said(one_)->size, 6 + kActs);
  EXPECT_EQ(said(two_)->size, 6 + kActs);
  EXPECT_TRUE(alarms().empty());
}

// Its answer did not arrive the last time.
TEST_F(WitnessCallerTest, OneThatKnowsTheLatestAlreadyIsNoAlarm) {
  log(2);
  answer_instead_ = [&](const std::string& question) -> Result<HttpAnswer> {
    (void)one_.answer(question, now_);
    return fail(Code::kTimedOut, "lost");
  };
  EXPECT_EQ(ask().failures, 1);
  answer_instead_ = {};
  pass();
  EXPECT_EQ(ask().cosignatures, 2);
  EXPECT_EQ(trouble(), std::nullopt);
}

TEST_F(WitnessCallerTest, OneThatHasSeenMoreIsAnAlarm) {
  log(2);
  (void)ask();
  one_.seen.size = 9;
  pass();
  const auto round = ask();
  EXPECT_EQ(round.cosignatures, 1);
  EXPECT_EQ(round.failures, 1);
  ASSERT_TRUE(trouble());
  EXPECT_TRUE(trouble()->is_alarm);
  EXPECT_NE(trouble()->what.zh_tw.find("帳本已回溯"), std::string::npos) << trouble()->what.zh_tw;
  ASSERT_EQ(alarms().size(), 1U);
  EXPECT_NE(alarms()[0].find("rewound: the witness witness.example/w1 has seen 9"),
            std::string::npos)
      << alarms()[0];
  // Nor is it over when the witness is away.
  answer_instead_ = [](const std::string&) { return fail(Code::kUnavailable, "nobody there"); };
  pass();
  (void)ask();
  EXPECT_TRUE(trouble()->is_alarm);
}

TEST_F(WitnessCallerTest, OneThatHasSeenAnotherLedgerIsAnAlarm) {
  log(2);
  (void)ask();
  one_.seen.root = evidence::sha256("another");
  log();
  pass();
  (void)ask();
  ASSERT_EQ(alarms().size(), 1U);
  EXPECT_NE(alarms()[0].find("forked"), std::string::npos) << alarms()[0];
  EXPECT_EQ(said(one_)->size, 2 + kActs);
}

TEST_F(WitnessCallerTest, ABadAnswerIsNotKept) {
  log(2);
  const evidence::NoteSigner namesake(one_.signer.key.name);
  const auto text = evidence::note_from_text(store_->checkpoint()->note)->text;
  const std::vector<HttpAnswer> answers = {
      {200, "text/plain", ""},
      {200, "text/plain", "garbage\n"},
      {200, "text/plain", namesake.line(text, now_)},
      {200, "text/plain", one_.signer.line(text, now_ - std::chrono::hours(2))},
      {200, "text/plain", one_.signer.line(text, now_ + std::chrono::hours(20))},
      {200, "text/plain", one_.signer.line("another text\n", now_)},
      {204, "text/plain", one_.signer.line(text, now_)},
      {404, "text/plain", ""},
      {403, "text/plain", ""},
      {422, "text/plain", ""},  // to one who was told nothing but the checkpoint
      {500, "text/html", ""},
      {409, "text/plain", "0\n"},
      {409, "text/x.tlog.size", "many\n"},
      {409, "text/x.tlog.size", "1\n"},
  };
  for (const auto& answer : answers) {
    answer_instead_ = [&](const std::string&) { return answer; };
    execute("UPDATE witness_claim SET until = 0");
    EXPECT_EQ(ask().failures, 1) << answer.status << " " << answer.body;
    ASSERT_TRUE(trouble());
    EXPECT_TRUE(reads_as_chinese(trouble()->what.zh_tw)) << trouble()->what.zh_tw;
    EXPECT_FALSE(trouble()->is_alarm);
  }
  EXPECT_FALSE(said(one_));
}

TEST_F(WitnessCallerTest, NothingIsShownThatTheLedgerDidNotSignOrThatDoesNotAddUp) {
  log(3);
  (void)ask();
  log(2);
  pass();
  execute("UPDATE ledger_tiles SET hashes = zeroblob(length(hashes))");
  EXPECT_EQ(ask().failures, 2);
  EXPECT_EQ(one_.asked, 1) << "it would look like a fork";
  execute("UPDATE ledger_checkpoints SET note = replace(note, 'assay', 'essay')");
  pass();
  EXPECT_EQ(code_of(ask_witnesses(*store_, options_)), "lost");
}

TEST_F(WitnessCallerTest, TellsForHowLongOneHasNotCosigned) {
  const auto age = [&] { return unwitnessed_age(*store_, options_.witnesses, now_).value(); };
  EXPECT_EQ(age(), std::chrono::seconds(0));
  log();
  now_ = store_->ledger_entries(0, 1)->at(0).accepted + std::chrono::minutes(7);
  EXPECT_EQ(age(), std::chrono::minutes(7)) << "since the first entry";
  (void)ask();
  now_ += std::chrono::minutes(90);
  EXPECT_EQ(age(), std::chrono::minutes(90));
}

TEST_F(WitnessCallerTest, WorksByItselfAndTellsItsFigures) {
  log();
  options_.look = std::chrono::milliseconds(10);
  WitnessCaller caller(*store_, options_);
  for (int i = 0; i < 1'000 && store_->cosignatures()->size() < 2; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  caller.stop();
  std::map<std::string, double> figures;
  for (const auto& figure : caller.figures()) figures[std::string(figure.name)] = figure.value;
  EXPECT_EQ(figures.at("assay_ledger_cosignatures_total"), 2);
  EXPECT_EQ(figures.at("assay_ledger_cosignature_failures_total"), 0);
  EXPECT_EQ(figures.at("assay_ledger_unwitnessed_age_seconds"), 0);
  EXPECT_EQ(figures.at("assay_ledger_witness_alarms"), 0);
}

}  // namespace
}  // namespace assay::collector
