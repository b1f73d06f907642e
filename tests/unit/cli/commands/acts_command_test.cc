// assay acts: what people did, in their words.
#include "cli/terminal/act_words.h"
#include "evidence/refusal.h"
#include "tests/unit/cli/commands/program.h"

namespace assay::cli {
namespace {

class ActsCommand : public ProgramTest {
 protected:
  ActsCommand() {
    remote_.answers["/acts"] = Json::parse(R"({"items":[
      {"number":1,"kind":"waiver_requested","record":"17","at":"2026-11-21T01:02:03Z",
       "token":"t1","name":"林怡君","details":{"check":"PWD-MINLEN","reason":"=1+1"},
       "sha256":"aa","index":40},
      {"number":2,"kind":"waiver_decided","record":"9","at":"2026-11-22T01:02:03Z","token":"t2",
       "name":"Mei","details":{"waiver":17,"decision":"approved","note":""},"sha256":"bb",
       "index":41},
      {"number":3,"kind":"of_tomorrow","record":"x9","at":"2026-11-23T01:02:03Z","token":"",
       "name":"","details":{"what":"new"},"sha256":"cc","index":42}],"next":null})");
  }
  std::size_t place_of(std::string_view text) const {
    EXPECT_NE(out_.find(text), std::string::npos) << text << "\n" << out_;
    return out_.find(text);
  }
};

TEST_F(ActsCommand, TellsThemInWordsTheNewestFirst) {
  EXPECT_EQ(run({"acts", "--lang", "en"}), kDone);
  EXPECT_LT(place_of("waiver decided: approved"), place_of("waiver requested"));
  for (const auto* part : {"W-17 PWD-MINLEN", "林怡君", "2026-11-22 01:02", "of_tomorrow", "x9"})
    (void)place_of(part);
  EXPECT_EQ(out_.find("not in the ledger"), std::string::npos) << "all of them are";
  EXPECT_EQ(run({"acts", "--lang", "zh-TW"}), kDone);
  EXPECT_LT(place_of("例外審核：核准"), place_of("例外申請"));
  EXPECT_EQ(asked_for("kind"), "");
}

TEST_F(ActsCommand, ProgramsAreToldStableNames) {
  EXPECT_EQ(run({"acts", "-o", "json", "--lang", "zh-TW"}), kDone);
  const auto items = Json::parse(out_);
  ASSERT_EQ(items.size(), 3U);
  EXPECT_EQ(items[0]["number"], 3);
  EXPECT_EQ(items[1]["kind"], "waiver_decided");
  EXPECT_EQ(items[2], remote_.answers["/acts"]["items"][0]);
  EXPECT_EQ(run({"acts", "-o", "csv", "--lang", "zh-TW"}), kDone);
  EXPECT_TRUE(out_.starts_with("\xEF\xBB\xBFnumber,at,kind,subject,name,index,record,token,"));
  (void)place_of("1,2026-11-21T01:02:03Z,waiver_requested,W-17 PWD-MINLEN,林怡君,40,17,t1,");
  EXPECT_EQ(run({"acts", "-o", "ndjson"}), kDone);
  EXPECT_EQ(std::ranges::count(out_, '\n'), 3);
}

TEST_F(ActsCommand, OneThatTheLedgerDoesNotKnowIsPointedOut) {
  remote_.answers["/acts"]["items"][0]["index"] = nullptr;
  EXPECT_EQ(run({"acts", "--lang", "en"}), kDone);
  (void)place_of("– is not in the ledger: not yet, or it is not as it was logged.");
  EXPECT_EQ(run({"acts", "--lang", "zh-TW"}), kDone);
  (void)place_of("尚未登載，或與登載時不同");
}

TEST_F(ActsCommand, OfOneKindOrNone) {
  remote_.answers["/acts"] = Json::parse(R"({"items":[],"next":null})");
  EXPECT_EQ(run({"acts", "--kind", "host_revoked", "--lang", "en"}), kDone);
  EXPECT_EQ(asked_for("kind"), "host_revoked");
  EXPECT_EQ(out_, "No act matches.\n");
  EXPECT_EQ(run({"acts", "-o", "json"}), kDone);
  EXPECT_EQ(out_, "[]\n");
}

TEST_F(ActsCommand, AnythingMayBeMissingInWhatCameOverTheWire) {
  remote_.answers["/acts"] =
      Json::parse(R"({"items":[{},7,{"kind":"waiver_decided","details":{"waiver":null}},
                     {"kind":7,"details":[1]}],"next":null})");
  EXPECT_EQ(run({"acts", "--lang", "en"}), kDone);
  EXPECT_EQ(run({"acts", "-o", "csv"}), kDone);
  EXPECT_EQ(std::ranges::count(out_, '\n'), 5);
}

TEST_F(ActsCommand, PagesThatComeAgainAreNoList) {
  remote_.answers["/acts"]["next"] = "2";
  EXPECT_EQ(run({"acts", "--lang", "en"}), kBadData);
  EXPECT_EQ(err_, "assay: the collector's list does not end\n");
}

TEST(ActWords, EveryKindOfTheFormatHasWordsInBothLanguages) {
  for (const auto* kind : {"pack_made", "waiver_requested", "waiver_decided",
                           "attestation_recorded", "attestation_ended", "file_attached", "approved",
                           "approval_withdrawn", "register_changed", "host_revoked"}) {
    const auto word = act_word(kind);
    EXPECT_TRUE(reads_as_chinese(word.zh_tw)) << kind;
    EXPECT_FALSE(reads_as_chinese(word.en)) << kind;
    EXPECT_EQ(word.en.find('_'), std::string::npos) << kind;
  }
  EXPECT_EQ(act_word("of_tomorrow").in(Language::kChinese), "of_tomorrow");
}

}  // namespace
}  // namespace assay::cli
