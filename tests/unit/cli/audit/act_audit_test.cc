// What a collector shows of people's acts, held against what its ledger names.
#include "cli/audit/act_audit.h"

#include <gtest/gtest.h>

#include <functional>

#include "evidence/refusal.h"

namespace assay::cli {
namespace {

using evidence::Act;
using Outcome = evidence::Verification::Outcome;

Act act(std::int64_t number) {
  return {number,
          "waiver_requested",
          std::to_string(number),
          evidence::Seconds(std::chrono::seconds(1'000 + number)),
          "t1",
          "林怡君",
          {{"check", "PWD-MINLEN"},
           {"finding", evidence::kNull},
           {"reason", "to be replaced"},
           {"since", std::int64_t{7}}}};
}

Json item_of(const Act& act, std::int64_t index) {
  Json details = Json::object();
  for (const auto& [name, value] : act.details) {
    const auto* text = std::get_if<std::string>(&value);
    const auto* number = std::get_if<std::int64_t>(&value);
    details[name] = text != nullptr ? Json(*text) : number != nullptr ? Json(*number) : Json();
  }
  return {{"number", act.number}, {"kind", act.kind},
          {"record", act.record}, {"at", evidence::to_timestamp(act.at)},
          {"token", act.token},   {"name", act.name},
          {"details", details},   {"sha256", "what it says of the digest counts for nothing"},
          {"index", index}};
}

// Shows items_ in pages of page_, unless told to do otherwise.
class Collector final : public Remote {
 public:
  Result<Json> get(const std::vector<std::string>& path, const Query& query) override {
    EXPECT_EQ(path, std::vector<std::string>{"acts"});
    ++questions_;
    if (refuses_) return refuse(*refuses_, {"no", "無法提供"});
    if (answer_) return answer_(query.back().second);
    const std::size_t first = query.back().second.empty() ? 0 : std::stoul(query.back().second);
    Json page = Json::array();
    for (auto i = first; i < std::min(first + page_, items_.size()); ++i) page.push_back(items_[i]);
    const bool is_last = first + page_ >= items_.size();
    return Json{{"items", page}, {"next", is_last ? Json() : Json(std::to_string(first + page_))}};
  }
  Result<Json> post(const std::vector<std::string>&, const Query&, const RequestBody&) override {
    return refuse(Code::kInternal, {"nothing is asked for", "不應有請求"});
  }
  Result<Json> put(const std::vector<std::string>&, const std::string&) override {
    return refuse(Code::kInternal, {"nothing is asked for", "不應有請求"});
  }
  Result<std::string> download(const std::vector<std::string>&) override {
    return refuse(Code::kInternal, {"nothing is asked for", "不應有請求"});
  }

  std::vector<Json> items_;
  std::size_t page_ = 3;
  std::optional<Code> refuses_;
  std::function<Json(const std::string& cursor)> answer_;
  int questions_ = 0;
};

class ActAuditTest : public testing::Test {
 protected:
  // So many acts are logged, at every other index, and shown.
  void log(std::int64_t count) {
    for (std::int64_t number = 1; number <= count; ++number) {
      const auto one = act(number);
      ledger_.push_back({evidence::sha256(evidence::to_text(one)), "", number, one.at});
      collector_.items_.push_back(item_of(one, index_of(number)));
    }
  }
  static std::int64_t index_of(std::int64_t number) { return 2 * number; }

  Status audit() {
    ActAudit audit(collector_, lines_);
    for (const auto& entry : ledger_)
      if (auto done = audit.take(entry, index_of(entry.sequence)); !done) return done;
    auto done = audit.finish(is_whole_);
    compared_ = audit.compared();
    return done;
  }
  // Lines of the outcome, "subject: detail".
  std::vector<std::string> said(Outcome outcome) {
    lines_ = AuditLines();
    EXPECT_TRUE(audit());
    std::vector<std::string> out;
    for (const auto& line : lines_.take())
      if (line.outcome == outcome) out.push_back(line.subject.en + ": " + line.detail.en);
    return out;
  }
  using Lines = std::vector<std::string>;

  Collector collector_;
  AuditLines lines_;
  std::vector<evidence::LedgerEntry> ledger_;
  std::int64_t compared_ = 0;
  bool is_whole_ = true;  // the ledger could be read to its end
};

TEST_F(ActAuditTest, TextsThatWereLoggedAreGood) {
  log(7);
  EXPECT_EQ(said(Outcome::kGood),
            (Lines{"acts of people and of the collector: 7 are in the ledger, one after another",
                   "acts of people and of the collector: 7 of 7: the collector shows the text that "
                   "was logged"}));
  EXPECT_EQ(said(Outcome::kBad), Lines());
  EXPECT_EQ(said(Outcome::kNotChecked), Lines());
  EXPECT_EQ(compared_, 7);
}

TEST_F(ActAuditTest, AnyPartThatIsAlteredIsFound) {
  log(7);
  const auto sound = collector_.items_[3];
  const std::vector<std::pair<std::string, Json>> alterations = {
      {"/kind", "waiver_decided"},
      {"/record", "5"},
      {"/at", "1970-01-01T00:16:45Z"},
      {"/token", "t2"},
      {"/name", "林怡"},
      {"/details/reason", "to be replacee"},
      {"/details/since", 8},
      {"/details/finding", ""},
      {"/details/more", "x"}};
  for (const auto& [where, what] : alterations) {
    collector_.items_[3] = sound;
    collector_.items_[3][Json::json_pointer(where)] = what;
    const auto bad = said(Outcome::kBad);
    ASSERT_EQ(bad.size(), 1U) << where;
    EXPECT_TRUE(bad.front().starts_with("act 4: ")) << bad.front();
    EXPECT_NE(bad.front().find("another text than was logged"), std::string::npos) << bad.front();
  }
  collector_.items_[3] = sound;
  collector_.items_[3]["details"].erase("check");
  EXPECT_EQ(said(Outcome::kBad).size(), 1U);
  collector_.items_[3]["details"] = Json::object();
  EXPECT_EQ(said(Outcome::kBad),
            Lines{"act 4: waiver requested (4): what it put on record is gone"});
  EXPECT_EQ(
      said(Outcome::kGood).back(),
      "acts of people and of the collector: 6 of 7: the collector shows the text that was logged");
}

TEST_F(ActAuditTest, TheOrderOfDetailsIsPartOfTheText) {
  log(1);
  Json turned = Json::object();
  const auto details = collector_.items_[0]["details"];
  for (auto detail = details.rbegin(); detail != details.rend(); ++detail)
    turned[detail.key()] = detail.value();
  collector_.items_[0]["details"] = turned;
  EXPECT_EQ(said(Outcome::kBad).size(), 1U);
}

TEST_F(ActAuditTest, AnActThatIsNotShownIsBad) {
  log(7);
  const auto all = collector_.items_;
  collector_.items_.erase(collector_.items_.begin() + 2);
  EXPECT_EQ(said(Outcome::kBad), Lines{"act 3: the ledger has it, the collector does not show it"});
  collector_.items_ = all;
  collector_.items_.pop_back();
  EXPECT_EQ(said(Outcome::kBad), Lines{"act 7: the ledger has it, the collector does not show it"});
  collector_.items_.clear();
  EXPECT_EQ(said(Outcome::kBad).size(), 7U);
  EXPECT_EQ(compared_, 0);
}

TEST_F(ActAuditTest, AGapInTheLedgerIsBadAndWhatIsBehindItIsNotCompared) {
  log(5);
  ledger_.erase(ledger_.begin() + 1);
  EXPECT_EQ(said(Outcome::kBad), Lines{"act 3: number 2 would come next"});
  EXPECT_EQ(said(Outcome::kNotChecked),
            Lines{"acts of people and of the collector: the texts of 3 of 4 were not compared"});
}

TEST_F(ActAuditTest, WhatIsNotLoggedYetIsNamedAndNotChecked) {
  log(7);
  ledger_.resize(4);
  EXPECT_EQ(said(Outcome::kBad), Lines());
  EXPECT_EQ(said(Outcome::kNotChecked), Lines{"acts of people and of the collector: 3 are not in "
                                              "the ledger yet, from number 5 on: nothing vouches "
                                              "for them"});
  is_whole_ = false;
  EXPECT_EQ(said(Outcome::kNotChecked), Lines()) << "nobody knows what is in the rest of it";
  is_whole_ = true;
  ledger_.clear();
  EXPECT_EQ(said(Outcome::kNotChecked).size(), 1U);
  collector_.items_.erase(collector_.items_.begin() + 5);
  EXPECT_EQ(said(Outcome::kBad), Lines{"acts of people and of the collector: the collector does "
                                       "not show number 6, but number 7"});
}

TEST_F(ActAuditTest, AnActAtAnotherTimeOrPlaceThanIsSaidIsBad) {
  log(2);
  collector_.items_[0]["index"] = index_of(1) + 1;
  EXPECT_EQ(said(Outcome::kBad), Lines{"act 1: waiver requested (1): it is entry 2 of the ledger, "
                                       "the collector says otherwise"});
  collector_.items_[0]["index"] = nullptr;
  EXPECT_EQ(said(Outcome::kBad).size(), 1U);
  collector_.items_[0]["index"] = index_of(1);
  ledger_[1].accepted += std::chrono::hours(1);
  EXPECT_EQ(said(Outcome::kBad).size(), 1U);
}

TEST_F(ActAuditTest, AnOlderCollectorIsNotCalledGood) {
  log(3);
  collector_.refuses_ = Code::kNotFound;
  EXPECT_EQ(said(Outcome::kBad), Lines());
  EXPECT_EQ(said(Outcome::kNotChecked), Lines{"acts of people and of the collector: their texts "
                                              "were not compared: the collector shows none, it is "
                                              "an older one"});
  EXPECT_EQ(collector_.questions_, 2) << "once in each audit";
  EXPECT_EQ(compared_, 0);
  ledger_.clear();
  EXPECT_EQ(said(Outcome::kNotChecked), Lines()) << "there is nothing to compare";
}

TEST_F(ActAuditTest, ACollectorThatCannotShowThemIsBadAndOneThatIsAwayIsNoVerdict) {
  log(3);
  for (const auto code : {Code::kInternal, Code::kTooLarge, Code::kInvalidData}) {
    collector_.refuses_ = code;
    EXPECT_EQ(said(Outcome::kBad), Lines{"acts of people and of the collector: no"});
    EXPECT_EQ(said(Outcome::kNotChecked),
              Lines{"acts of people and of the collector: the texts of 3 of 3 were not compared"});
  }
  for (const auto code : {Code::kUnavailable, Code::kRefused}) {
    collector_.refuses_ = code;
    const auto done = audit();
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code(), code);
  }
}

TEST_F(ActAuditTest, ATextThatIsShownTwiceEndsTheReading) {
  log(7);
  collector_.items_.insert(collector_.items_.begin() + 4, collector_.items_[1]);
  EXPECT_EQ(
      said(Outcome::kBad),
      Lines{"acts of people and of the collector: the collector shows number 2 behind number 4"});
  EXPECT_EQ(said(Outcome::kNotChecked),
            Lines{"acts of people and of the collector: the texts of 3 of 7 were not compared"});
}

TEST_F(ActAuditTest, AListWithoutAnEndEndsInAClearError) {
  log(2);
  // The same page again and again.
  collector_.answer_ = [this](const std::string&) {
    return Json{{"items", collector_.items_}, {"next", "x"}};
  };
  EXPECT_EQ(
      said(Outcome::kBad),
      Lines{"acts of people and of the collector: the collector shows number 1 behind number 2"});
  // Cursors that lead nowhere.
  collector_.answer_ = [](const std::string& cursor) {
    return Json{{"items", Json::array()}, {"next", cursor == "a" ? "b" : "a"}};
  };
  EXPECT_EQ(
      said(Outcome::kBad),
      Lines{"acts of people and of the collector: the collector's list of them does not end"});
  // Ever new acts.
  ledger_.clear();
  std::int64_t number = 0;
  collector_.answer_ = [&number](const std::string&) {
    Json items = Json::array();
    for (int i = 0; i < 100; ++i) items.push_back(item_of(act(++number), 0));
    return Json{{"items", items}, {"next", std::to_string(number)}};
  };
  EXPECT_EQ(
      said(Outcome::kBad),
      Lines{"acts of people and of the collector: the collector's list of them does not end"});
  EXPECT_LE(number, kMostUnloggedActs + 100);
}

TEST_F(ActAuditTest, WhatIsNoListOfActsIsBad) {
  log(1);
  const auto item = collector_.items_[0];
  std::vector<Json> answers = {Json(7),
                               Json::array(),
                               Json::object(),
                               Json{{"items", 7}},
                               Json{{"items", Json::array({7})}},
                               Json{{"items", std::vector<Json>(101, item)}}};
  for (const auto* key : {"number", "kind", "record", "at", "token", "name", "details"}) {
    auto without = item;
    without.erase(key);
    answers.push_back(Json{{"items", Json::array({without})}});
    auto other = item;
    other[key] = Json::array();
    answers.push_back(Json{{"items", Json::array({other})}});
  }
  auto nested = item;
  nested["details"]["check"] = Json::object();
  answers.push_back(Json{{"items", Json::array({nested})}});
  for (int i = 0; i < 33; ++i) nested["details"]["d" + std::to_string(i)] = "x";
  answers.push_back(Json{{"items", Json::array({nested})}});
  for (const auto& answer : answers) {
    collector_.answer_ = [&answer](const std::string&) { return answer; };
    EXPECT_EQ(said(Outcome::kBad).size(), 1U) << answer.dump().substr(0, 200);
    EXPECT_EQ(said(Outcome::kNotChecked).size(), 1U) << answer.dump().substr(0, 200);
  }
}

}  // namespace
}  // namespace assay::cli
