// assay report: what is shown of a week's report, and what is said of one that is not what it was.
#include "evidence/digest.h"
#include "tests/unit/cli/commands/program.h"

namespace assay::cli {
namespace {

constexpr std::string_view kReport = R"({"report":"assay-weekly-report/1","week":"2026-W48",
  "from":"2026-11-23T00:00:00Z","to":"2026-11-30T00:00:00Z","hosts":[],
  "new":[{"id":"a012","host":{"id":"h1","name":"web-1"},"check":"PWD-MINLEN",
    "title":{"en":"Passwords may be too short","zh-TW":"密碼可能過短"},"severity":"high",
    "state":"open","key":{"setting":"minlen"},"row":{"setting":"minlen","value":8},
    "cause":"host_changed","waivers":[]}],
  "fixed":[],"regressed":[],"evidence_lost":[],"waived":[],"waiver_ended":[],
  "summary":{"new":42,"fixed":0,"regressed":0,"evidence_lost":0,"waived":0,"waiver_ended":0,
    "unchanged":3,"causes":{"host_changed":1}},"not_listed":{"new":41},
  "frameworks":[{"id":"idb-isp","title":{"en":"Broker security","zh-TW":"證券商資通安全"},
    "before":null,"after":{"edition":"1","hosts":1,"score_permille":667,"coverage_permille":850}}]})";

class ReportCommands : public ProgramTest {
 protected:
  ReportCommands() {
    remote_.answers["/reports/2026-W48/content"] = Json::parse(kReport);
    remote_.answers["/reports/latest/content"] = Json::parse(kReport);
    remote_.answers["/reports"] = {{"items", {record()}}, {"next", nullptr}};
    remote_.files["/reports/2026-W48/content"] = "kept";
  }
  static Json record() {
    return {{"week", "2026-W48"},
            {"since", "2026-11-23T00:00:00Z"},
            {"until", "2026-11-30T00:00:00Z"},
            {"sha256", evidence::sha256("kept").hex()},
            {"made_at", "2026-11-30T00:01:30Z"},
            {"act", 7}};
  }
  void made_again(std::string_view content) {
    auto answer = record();
    answer["again_sha256"] = evidence::sha256(content).hex();
    answer["is_same"] = content == "kept";
    remote_.answers["/reports/2026-W48"] = std::move(answer);
  }
};

TEST_F(ReportCommands, AListHasItsWeeksWithTheirLastDays) {
  EXPECT_EQ(run({"report", "list", "--lang", "en"}), kDone);
  for (const auto* word : {"2026-W48", "2026-11-23", "2026-11-29", "2026-11-30 00:01 UTC"})
    EXPECT_NE(out_.find(word), std::string::npos) << word << out_;
  EXPECT_EQ(run({"report", "list", "-o", "json"}), kDone);
  EXPECT_EQ(Json::parse(out_), Json::array({record()}));
  remote_.answers["/reports"]["items"] = Json::array();
  EXPECT_EQ(run({"report", "list", "--lang", "zh-TW"}), kDone);
  EXPECT_EQ(out_, "尚無週報：第一週結束後即會製作。\n");
}

TEST_F(ReportCommands, AReportHasAHeadingItsFrameworksAndWhatChanged) {
  EXPECT_EQ(run({"report", "show", "2026-W48", "--lang", "en"}), kDone);
  EXPECT_TRUE(out_.starts_with("Weekly report 2026-W48: 2026-11-23 to 2026-11-29 (UTC)\n")) << out_;
  for (const auto* word : {"idb-isp", "New (42)", "PWD-MINLEN", "… and 41 more"})
    EXPECT_NE(out_.find(word), std::string::npos) << word << out_;
  EXPECT_EQ(run({"report", "show", "latest", "--lang", "zh-TW"}), kDone);
  EXPECT_TRUE(out_.starts_with("週報 2026-W48：2026-11-23 至 2026-11-29（UTC）\n")) << out_;
  for (const auto* word : {"證券商資通安全", "密碼可能過短", "另有 41 項"})
    EXPECT_NE(out_.find(word), std::string::npos) << word << out_;
  EXPECT_EQ(run({"report", "show", "2026-W48", "-o", "json"}), kDone);
  EXPECT_EQ(Json::parse(out_), Json::parse(kReport));
  EXPECT_EQ(run({"report", "show", "2026-W48", "-o", "csv"}), kDone);
  EXPECT_NE(out_.find("PWD-MINLEN"), std::string::npos) << out_;
  EXPECT_EQ(run({"report", "show", "2026-W47"}), kToolError) << "there is none";
}

TEST_F(ReportCommands, ACheckSaysWhetherTheBytesAreTheSame) {
  made_again("kept");
  EXPECT_EQ(run({"report", "check", "2026-W48", "--lang", "en"}), kDone);
  EXPECT_EQ(asked_for("again"), "true");
  EXPECT_NE(out_.find("Report 2026-W48 is what it was"), std::string::npos) << out_;
  made_again("another");
  EXPECT_EQ(run({"report", "check", "2026-W48", "--lang", "en"}), kBadData);
  EXPECT_NE(out_.find("is NOT what it was"), std::string::npos) << out_;
  EXPECT_NE(out_.find("DIFFERENT"), std::string::npos) << out_;
  EXPECT_EQ(run({"report", "check", "2026-W48", "--lang", "zh-TW"}), kBadData);
  EXPECT_NE(out_.find("與製作當時不一致"), std::string::npos) << out_;
}

// Whatever the collector says of them: what it hands out is looked at here.
TEST_F(ReportCommands, KeptBytesThatAreOthersAreFoundHere) {
  made_again("kept");
  remote_.files["/reports/2026-W48/content"] = "altered";
  EXPECT_EQ(run({"report", "check", "2026-W48", "-o", "json"}), kBadData);
  EXPECT_EQ(Json::parse(out_)["is_same"], false);
  EXPECT_EQ(Json::parse(out_)["kept_sha256"], evidence::sha256("altered").hex());
}

}  // namespace
}  // namespace assay::cli
