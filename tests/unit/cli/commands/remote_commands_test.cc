#include "evidence/timestamp.h"
#include "tests/unit/cli/commands/program.h"

namespace assay::cli {
namespace {

constexpr std::string_view kOneFinding = R"({"items":[
  {"id":"a012b2c07fc865cc18a98c98efce84659db178b33fb22e6770236c78948b350e",
   "host":{"id":"h1","name":"web-1"},"check":"PWD-MINLEN",
   "title":{"en":"Passwords may be too short","zh-TW":"密碼可能過短"},"severity":"high",
   "state":"open","confirmed":true,"frameworks":["idb-isp"],"key":{"setting":"minlen"},
   "row":{"setting":"minlen","value":8,"source":"/etc/security/pwquality.conf","line":3},
   "remedy":{"en":"Set minlen.","zh-TW":"設定 minlen。"},"first_seen":"2026-11-20T01:02:03Z",
   "last_seen":"2026-11-21T01:02:03Z","resolved_at":null,"reopened":0,"snapshot":"ab"}],
  "next":null})";

class RemoteCommands : public ProgramTest {
 protected:
  RemoteCommands() { remote_.answers["/findings"] = Json::parse(kOneFinding); }
};

TEST_F(RemoteCommands, FindingsAreATableInTheReadersLanguage) {
  EXPECT_EQ(run({"findings", "--lang", "zh-TW"}), kDone);
  EXPECT_NE(out_.find("密碼可能過短"), std::string::npos) << out_;
  EXPECT_NE(out_.find("/etc/security/"), std::string::npos);
  EXPECT_EQ(run({"--lang", "en", "findings"}), kDone);
  EXPECT_NE(out_.find("Severity"), std::string::npos);
}

TEST_F(RemoteCommands, JsonIsTheListAsItCame) {
  EXPECT_EQ(run({"findings", "-o", "json"}), kDone);
  EXPECT_EQ(Json::parse(out_), Json::parse(kOneFinding)["items"]);
}

TEST_F(RemoteCommands, SeveralFormsAtOnce) {
  const auto csv = folder_ + "/f.csv";
  EXPECT_EQ(run({"findings", "-o", "ndjson", "-o", "csv=" + csv}), kDone);
  EXPECT_EQ(Json::parse(out_)["check"], "PWD-MINLEN");
  EXPECT_TRUE(content(csv).starts_with("\xEF\xBB\xBFseverity,check,host,title"));
}

TEST_F(RemoteCommands, FailOnDecidesTheExitCode) {
  EXPECT_EQ(run({"findings", "--fail-on", "high"}), kFindings);
  EXPECT_EQ(run({"findings", "--fail-on", "critical"}), kDone);
  EXPECT_EQ(run({"findings", "-q", "--fail-on", "low"}), kFindings);
  EXPECT_EQ(out_, "") << "quiet";
}

TEST_F(RemoteCommands, FiltersReachTheCollector) {
  EXPECT_EQ(run({"findings", "--host", "web-1", "--severity", "high", "--as-of", "2026-11-20"}),
            kDone);
  EXPECT_EQ(asked_for("host"), "web-1");
  EXPECT_EQ(asked_for("severity"), "high");
  EXPECT_EQ(asked_for("as-of"), "2026-11-20");
}

TEST_F(RemoteCommands, DetailsShowEvidenceAndRemedy) {
  EXPECT_EQ(run({"findings", "--details", "--lang", "en"}), kDone);
  EXPECT_EQ(out_,
            "high  PWD-MINLEN  web-1  a012b2c07fc8\n"
            "  Passwords may be too short\n"
            "    Evidence: setting=minlen  value=8  source=/etc/security/pwquality.conf  line=3\n"
            "    What to do: Set minlen.\n");
  EXPECT_EQ(run({"findings", "--details", "--lang", "zh-TW"}), kDone);
  EXPECT_NE(out_.find("處理方式：設定 minlen。"), std::string::npos) << out_;
  EXPECT_EQ(run({"findings", "--details", "-o", "json"}), kDone);
  EXPECT_EQ(Json::parse(out_), Json::parse(kOneFinding)["items"]);
}

TEST_F(RemoteCommands, LongEvidenceIsWrappedAndNullIsShown) {
  auto& row = remote_.answers["/findings"]["items"][0]["row"];
  row["value"] = nullptr;
  row["note"] = std::string(30, 'a') + ' ' + std::string(70, 'b');
  EXPECT_EQ(run({"findings", "--details", "--lang", "en"}), kDone);
  EXPECT_NE(out_.find("value=NULL"), std::string::npos) << out_;
  EXPECT_NE(out_.find("\n    " + std::string(70, 'b')), std::string::npos) << out_;
}

TEST_F(RemoteCommands, TheWorstAreTheFirst) {
  auto& items = remote_.answers["/findings"]["items"];
  for (int i = 0; i < 3; ++i) items.push_back(items[0]);
  items[3]["severity"] = "critical";
  EXPECT_EQ(run({"findings", "--worst", "2", "-o", "json"}), kDone);
  EXPECT_EQ(Json::parse(out_).size(), 2U);
  EXPECT_EQ(asked_for("limit"), "2") << "no more than needed comes over the wire";
  EXPECT_EQ(run({"findings", "--worst", "2", "--fail-on", "critical"}), kFindings)
      << "what is not shown counts, too";
  EXPECT_EQ(run({"findings", "--worst", "0"}), kUsageError);
}

TEST_F(RemoteCommands, AnEmptyListSaysSo) {
  remote_.answers["/findings"] = Json::parse(R"({"items":[],"next":null})");
  EXPECT_EQ(run({"findings", "--lang", "en"}), kDone);
  EXPECT_EQ(out_, "No finding matches.\n");
  EXPECT_EQ(run({"findings", "-o", "json"}), kDone);
  EXPECT_EQ(out_, "[]\n");
}

TEST_F(RemoteCommands, WrongWordsAreAUsageError) {
  for (const auto& bad : std::vector<std::vector<std::string>>{{},
                                                               {"nonsense"},
                                                               {"findings", "--colour"},
                                                               {"findings", "-o", "xml"},
                                                               {"findings", "--severity", "urgent"},
                                                               {"diff", "--from", "soon"},
                                                               {"explain"},
                                                               {"findings", "--lang", "fr"}})
    EXPECT_EQ(run(bad), kUsageError);
}

TEST_F(RemoteCommands, WhatTheCollectorDoesNotHaveIsAPlainFailure) {
  EXPECT_EQ(run({"hosts"}), kToolError);
  EXPECT_NE(err_.find("no /hosts"), std::string::npos);
}

TEST_F(RemoteCommands, UnknownControlsCanFail) {
  remote_.answers["/controls"] = Json::parse(
      R"({"items":[{"framework":"f","id":"1","state":"unknown","checks":["A-B"]}],"next":null})");
  EXPECT_EQ(run({"controls"}), kDone);
  EXPECT_EQ(run({"controls", "--fail-on-unknown"}), kIncomplete);
}

TEST_F(RemoteCommands, DetailsOfAControlSayWhatItsDocumentSays) {
  remote_.answers["/controls"] = Json::parse(R"({"items":[
    {"framework":"f","edition":"2026","id":"1","state":"manual","mode":"manual","checks":[],
     "title":{"en":"Drill","zh-TW":"演練"},"gist":{"en":"A yearly drill","zh-TW":"每年演練"},
     "location":{"en":"Row 1","zh-TW":"第一列"},"frequency":"yearly","effective":"2022-01-31",
     "deadlines":[{"for":{"en":"grade 1","zh-TW":"第一級"},"by":"2022-12-31"}],
     "applies_to":{"words":{"en":"core systems","zh-TW":"核心資通系統"}},
     "not_mapped":{"en":"People, not machines","zh-TW":"演練對象為人員"}},
    {"framework":"f","edition":"2026","id":"2","state":"pass","mode":"automated",
     "checks":["A-B","A-C"],"title":{"en":"Length","zh-TW":"長度"},"applies_to":null,
     "frequency":null,"effective":null,"not_mapped":null}],"next":null})");
  EXPECT_EQ(run({"controls", "--details", "--lang", "en"}), kDone);
  EXPECT_EQ(out_,
            "f (2026) 1  Drill\n  A yearly drill\n    manual\n    Decided: by a person\n"
            "    Why no check decides it: People, not machines\n    Row 1\n"
            "    Applies to: core systems\n    How often: yearly\n"
            "    In force since: 2022-01-31\n    To be done by: 2022-12-31 (grade 1)\n\n"
            "f (2026) 2  Length\n    pass\n    Decided: automated\n    Checks: A-B, A-C\n");
  EXPECT_EQ(run({"controls", "--details", "--lang", "zh-TW"}), kDone);
  EXPECT_NE(out_.find("    適用對象：核心資通系統\n    頻率：每年\n    生效日：2022-01-31\n    "
                      "完成期限：2022-12-31（第一級）\n"),
            std::string::npos)
      << out_;
  EXPECT_NE(out_.find("無檢查判定之原因：演練對象為人員"), std::string::npos) << out_;
  EXPECT_EQ(run({"controls", "--details", "-o", "csv", "--lang", "en"}), kDone);
  EXPECT_NE(out_.find("People, not machines"), std::string::npos) << out_;
}

TEST_F(RemoteCommands, ADiffKeepsWhatChangedApart) {
  auto finding = Json::parse(kOneFinding)["items"][0];
  finding["cause"] = "rules_changed";
  remote_.answers["/diff"] = {
      {"from", "2026-11-14T00:00:00Z"}, {"to", "2026-11-21T00:00:00Z"},
      {"hosts", Json::array()},         {"new", Json::array({finding})},
      {"fixed", Json::array()},         {"regressed", Json::array()},
      {"evidence_lost", Json::array()}, {"summary", {{"new", 1}, {"unchanged", 4}}}};
  EXPECT_EQ(run({"diff", "--from", "2026-11-14", "--to", "2026-11-21", "--lang", "en"}), kDone);
  EXPECT_NE(out_.find("our rules changed"), std::string::npos) << out_;
  EXPECT_EQ(run({"diff", "--from", "2026-11-14", "-o", "json"}), kDone);
  EXPECT_EQ(Json::parse(out_)["summary"]["unchanged"], 4);
}

TEST_F(RemoteCommands, ExplainShowsClauseFigureRowPlaceAndRemedy) {
  remote_.answers["/explain"] = Json::parse(R"({
    "host":{"name":"web-1","profile":"server","os":"Debian"},
    "check":{"id":"PWD-MINLEN","severity":"high","title":{"en":"Short","zh-TW":"過短"},
             "query":"SELECT 1","remedy":{"en":"Set minlen.","zh-TW":"設定"}},
    "verdicts":[{"state":"fail","frameworks":["idb-isp"],"row_count":1,
      "parameters":[{"name":"minlen","value":12,"meaning":{"en":"Least length","zh-TW":"長度"},
                     "sources":[{"framework":"idb-isp","source":{"en":"2.3.2","zh-TW":"2.3.2"}}]}],
      "rows":[{"setting":"minlen","value":8,"source":"/etc/x.conf","line":3}],"facts":[]}],
    "controls":[{"framework":"idb-isp","edition":"2021","id":"2.3.2","proves":"partial",
      "title":{"en":"Length","zh-TW":"長度"},"gist":{"en":"Twelve.","zh-TW":"十二"},
      "frequency":"monthly","applies_to":{"words":{"en":"core systems","zh-TW":"核心系統"}},
      "not_proven":{"en":"Other systems.","zh-TW":"其他系統"}}],
    "evidence":{"snapshot":"ab","sequence":1,"ended":"2026-11-21T01:02:03Z","tables":[]}})");
  EXPECT_EQ(run({"explain", "PWD-MINLEN", "--host", "web-1", "--lang", "en"}), kDone);
  for (const auto* part : {"minlen = 12", "2.3.2", "SELECT 1", "/etc/x.conf", "Set minlen.",
                           "Not proven: Other systems.", "proves in part"})
    EXPECT_NE(out_.find(part), std::string::npos) << part << "\n" << out_;
  EXPECT_EQ(run({"explain", "a012b2c07fc8"}), kDone);
  EXPECT_EQ(asked_for("finding"), "a012b2c07fc8");
}

TEST_F(RemoteCommands, ScanSaysThatTheAgentIsAskedOrWhyNot) {
  remote_.answers_to_post["/hosts/web-1/scan"] = {{"host", {{"id", "h1"}, {"name", "web-1"}}},
                                                  {"asked_at", "2026-11-21T01:02:03Z"}};
  EXPECT_EQ(run({"scan", "web-1", "--lang", "en"}), kDone);
  EXPECT_EQ(out_, "web-1 is asked; its agent scans within a minute at most.\n");
  EXPECT_EQ(run({"scan", "web-1", "-o", "json"}), kDone);
  EXPECT_EQ(Json::parse(out_)["host"]["id"], "h1");
  EXPECT_EQ(run({"scan", "web-2", "--lang", "en"}), kToolError);
  EXPECT_EQ(err_, "assay: web-1 is not attached\n");
  EXPECT_EQ(run({"scan"}), kUsageError);
}

TEST_F(RemoteCommands, ABundleThatDoesNotHoldIsNotWritten) {
  remote_.files["/snapshots/web-1/bundle"] = "nonsense";
  const auto path = folder_ + "/out.assay";
  EXPECT_EQ(run({"evidence", "export", "web-1", "-o", path}), kBadData);
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_EQ(run({"evidence", "export", "none", "-o", path}), kToolError);
  EXPECT_EQ(run({"evidence", "export", "web-1"}), kUsageError) << "where to?";
}

TEST(Moment, IsADayATimeOrAgo) {
  const auto now = evidence::from_date("2026-11-21").value();
  EXPECT_EQ(moment("7d", now).value(), "2026-11-14T00:00:00Z");
  EXPECT_EQ(moment("2w", now).value(), "2026-11-07T00:00:00Z");
  EXPECT_EQ(moment("12h", now).value(), "2026-11-20T12:00:00Z");
  EXPECT_EQ(moment("now", now).value(), "2026-11-21T00:00:00Z");
  EXPECT_EQ(moment("2026-01-02", now).value(), "2026-01-02");
  for (const auto* bad : {"", "7", "d", "7y", "-7d", "2026-13-01"})
    EXPECT_EQ(moment(bad, now).error().code(), Code::kUsage) << bad;
}

TEST_F(RemoteCommands, SoftwareIsListedInEveryFormAndWhatIsMissingIsSaid) {
  remote_.answers["/hosts/web-1/software"] = Json::parse(R"({"items":[
    {"kind":"deb","name":"openssl","version":"3.0.17-1","arch":"amd64","purl":"pkg:deb/debian/openssl",
     "cpe":"cpe:2.3:a:openssl:openssl:3.0.17:*:*:*:*:*:*:*","confidence":"exact"},
    {"kind":"deb","name":"tool","version":null,"arch":null,"purl":null,"cpe":null,"confidence":null}],
    "next":null,"snapshot":"ab","missing":[{"table":"npm_packages","reason":"timed_out: x"}]})");
  EXPECT_EQ(run({"software", "--host", "web-1", "--lang", "zh-TW"}), kDone);
  EXPECT_NE(out_.find("openssl"), std::string::npos) << out_;
  EXPECT_NE(out_.find("可信度"), std::string::npos) << out_;
  EXPECT_NE(err_.find("npm_packages: timed_out: x"), std::string::npos) << err_;
  EXPECT_EQ(run({"software", "--host", "web-1", "-o", "csv"}), kDone);
  EXPECT_NE(out_.find("kind,name,version,arch,cpe,confidence,purl\r\n"), std::string::npos) << out_;
  EXPECT_EQ(run({"software", "--host", "web-1", "-o", "json", "--kind", "deb"}), kDone);
  EXPECT_EQ(Json::parse(out_).size(), 2U);
  EXPECT_EQ(asked_for("kind"), "deb");
  EXPECT_EQ(run({"software"}), kUsageError) << "a host must be named";
}

TEST_F(RemoteCommands, AQuestionToTheFleetIsAnsweredByHostAndWhoWasNotAskedIsSaid) {
  remote_.answers_to_post["/query"] = Json::parse(R"({"items":[{"hosts":[{"id":"1","name":"web-1"},
    {"id":"2","name":"web-2"}],"row_count":1,"rows":[["openssl","=1+1"]]}],
    "columns":["name","version"],"tables":["deb_packages"],"as_of":null,
    "hosts":{"asked":9,"with_rows":2,"without_rows":1,"not_answered":6,"stale":[{"id":"2","name":"web-2"}]},
    "not_answered":[{"reason":"deb_packages: timed_out: x","hosts":[{"id":"3","name":"a"},{"id":"4","name":"b"},
    {"id":"5","name":"c"},{"id":"6","name":"d"},{"id":"7","name":"e"},{"id":"8","name":"f"}]}],
    "distinct":2,"is_cut":true})");
  const std::string sql = "SELECT name, version FROM deb_packages";
  EXPECT_EQ(run({"query", sql, "--host", "web-1", "--group", "dmz", "--as-of", "2026-11-21",
                 "--limit", "5", "--lang", "zh-TW"}),
            kDone);
  const auto body = Json::parse(remote_.last_body);
  EXPECT_EQ(body["sql"], sql);
  EXPECT_EQ(body["hosts"], Json({"web-1"}));
  EXPECT_EQ(body["groups"], Json({"dmz"}));
  EXPECT_EQ(body["as-of"], "2026-11-21");
  EXPECT_EQ(body["limit"], 5);
  EXPECT_NE(out_.find("主機"), std::string::npos) << out_;
  EXPECT_NE(out_.find("web-2"), std::string::npos) << out_;
  for (const auto* said : {"查詢主機數：9", "無法回答：6", "deb_packages: timed_out: x",
                           "a、b、c、d、e 等 6 台", "逾一週未回報", "超過 --limit"})
    EXPECT_NE(err_.find(said), std::string::npos) << said << " in " << err_;
  EXPECT_EQ(run({"query", sql, "-o", "csv"}), kDone);
  EXPECT_NE(out_.find("host,name,version\r\nweb-1,openssl,'=1+1\r\n"), std::string::npos) << out_;
  EXPECT_NE(err_.find("a, b, c, d, e and 1 more"), std::string::npos) << err_;
  EXPECT_EQ(run({"query", sql, "-o", "json"}), kDone);
  EXPECT_EQ(Json::parse(out_)["not_answered"].size(), 1U) << "a script must see it too";
  EXPECT_EQ(run({"query"}), kUsageError);
  EXPECT_EQ(run({"query", sql, "--limit", "0"}), kUsageError);
}

TEST_F(RemoteCommands, PortsAreShownFromThreeSidesAndWhatIsMissingIsSaid) {
  remote_.answers["/hosts/web-1/ports"] = Json::parse(R"({"items":[
    {"transport":"tcp","port":22,"agreement":"agrees","own":{"reach":"reachable","why":null,
     "addresses":["0.0.0.0"],"processes":["sshd"]},"probes":[{"host":"web-2","source":"10.0.0.8",
     "address":"10.0.0.7","state":"open","method":"syn","at":"2026-11-28T10:00:00Z"}],"sightings":[]},
    {"transport":"tcp","port":4444,"agreement":"unlisted","own":null,"probes":[],"sightings":[
     {"host":"gw","client":"10.0.0.9","address":"10.0.0.7","service":"ssh","answered":2,
      "last_seen":"2026-11-28T10:00:00Z"}]}],
    "collected":"2026-11-28T09:00:00Z","missing":[{"table":"exposure","reason":"timed_out: x"}],
    "shared_addresses":[{"address":"10.0.0.7","hosts":["old-web"]}]})");
  EXPECT_EQ(run({"ports", "--host", "web-1", "--lang", "zh-TW"}), kDone);
  EXPECT_NE(out_.find("22/tcp"), std::string::npos) << out_;
  EXPECT_NE(out_.find("一致"), std::string::npos) << out_;
  EXPECT_NE(err_.find("exposure: timed_out: x"), std::string::npos) << err_;
  EXPECT_NE(err_.find("10.0.0.7 (old-web)"), std::string::npos) << err_;
  EXPECT_EQ(run({"ports", "--host", "web-1", "--disagreeing", "-o", "csv"}), kDone);
  EXPECT_EQ(out_.find("22/tcp"), std::string::npos) << out_;
  EXPECT_NE(out_.find("4444/tcp,unlisted,"), std::string::npos) << out_;
  EXPECT_NE(out_.find("10.0.0.9 ssh (gw"), std::string::npos) << out_;
}

}  // namespace
}  // namespace assay::cli
