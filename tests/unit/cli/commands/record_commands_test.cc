// assay register; assay allowlist and its siblings; posture by group, cadence.
#include "checks/yaml/strict_yaml.h"
#include "tests/unit/cli/commands/program.h"

namespace assay::cli {
namespace {

class RecordCommands : public ProgramTest {
 protected:
  RecordCommands() {
    remote_.answers_to_post["/register"] = Json::parse(R"({"dry_run":true,"rows":3,"unchanged":1,
      "changed":[{"host":{"id":"h1","name":"web-1"},"line":2,
                  "changes":[{"field":"owner","before":"","after":"陳美玲"}]}],
      "unmatched":[{"line":4,"host":"printer"}]})");
    remote_.answers_to_post["/approvals/allowlist"] =
        Json::parse(R"({"list":"allowlist","added":2,"replaced":0,"unchanged":0})");
    remote_.answers["/approvals/allowlist/proposals"] = Json::parse(R"({"list":"allowlist",
      "not_seen":[{"table":"rpm_packages","reason":"no rpm here","hosts":1}],
      "items":[{"kind":"deb","name":"curl"},{"kind":"deb","name":"nginx"}],"next":null})");
  }
  Json body() const { return Json::parse(remote_.last_body); }
  bool prints(std::string_view text) const { return out_.find(text) != std::string::npos; }
};

TEST_F(RecordCommands, AnImportSendsTheFileAndShowsWhatWouldChange) {
  const auto path = file("assets.csv", "\xEF\xBB\xBFhost,owner\r\nweb-1,陳美玲\r\n");
  EXPECT_EQ(run({"register", "import", path, "--dry-run", "--lang", "en"}), kDone);
  EXPECT_EQ(remote_.last_type, "text/csv");
  EXPECT_TRUE(remote_.last_body.starts_with("\xEF\xBB\xBFhost"));
  EXPECT_EQ(asked_for("dry-run"), "1");
  EXPECT_EQ(asked_for("note"), "assets.csv");
  EXPECT_TRUE(prints("陳美玲")) << out_;
  EXPECT_TRUE(prints("line 4: no enrolled host is called printer\n"));
  EXPECT_TRUE(prints("nothing was changed"));
  EXPECT_EQ(run({"register", "import", path, "--lang", "zh-TW"}), kDone);
  EXPECT_EQ(asked_for("dry-run"), "");
  EXPECT_TRUE(prints("查無已註冊主機")) << out_;
}

TEST_F(RecordCommands, AJsonFileIsKnownByItsNameOrItsBeginning) {
  EXPECT_EQ(run({"register", "import", file("a.json", "[]")}), kDone);
  EXPECT_EQ(remote_.last_type, "application/json");
  EXPECT_EQ(run({"register", "import", file("a.txt", " [{}]")}), kDone);
  EXPECT_EQ(remote_.last_type, "application/json");
  EXPECT_EQ(run({"register", "import", file("empty.csv", "")}), kBadData);
  EXPECT_EQ(run({"register", "import", folder_ + "/none.csv"}), kCannotOpen);
}

TEST_F(RecordCommands, FieldsAreSetByName) {
  remote_.answers_to_post["/register/web-1"] = Json::parse(R"({"host":{"id":"h1","name":"web-1"},
    "fields":{"owner":"A"},"groups":["dmz"],"since":"2026-11-21T01:02:03Z","changed_by":"Ann",
    "note":"","changes":[]})");
  EXPECT_EQ(run({"register", "set", "web-1", "owner=A=B", "zone=", "groups=dmz,web", "--note",
                 "review"}),
            kDone);
  EXPECT_EQ(body(), Json::parse(R"({"fields":{"owner":"A=B","zone":""},"note":"review",
                                    "groups":["dmz,web"]})"));
  EXPECT_TRUE(prints("owner"));
  EXPECT_EQ(run({"register", "set", "web-1", "owner"}), kUsageError);
  EXPECT_EQ(run({"register", "set", "web-1"}), kUsageError);
}

TEST_F(RecordCommands, TheAssetRegisterBearsTheFormsHeadings) {
  remote_.answers["/assets"] = Json::parse(R"({"columns":[
      {"name":"host","label":{"en":"Host","zh-TW":"主機"}},
      {"name":"is_core","label":{"en":"Core system","zh-TW":"核心資通系統"}},
      {"name":"location","label":{"en":"Location","zh-TW":"存放位置"}}],
    "items":[{"host":{"id":"h1","name":"web-1"},
      "cells":{"host":"web-1","is_core":{"en":"yes","zh-TW":"是"},
               "location":{"en":"=1+1","zh-TW":"=1+1"}}}],"next":null})");
  EXPECT_EQ(run({"register", "export", "-o", "csv", "--lang", "zh-TW"}), kDone);
  EXPECT_EQ(out_, "\xEF\xBB\xBF主機,核心資通系統,存放位置\r\nweb-1,是,'=1+1\r\n");
  EXPECT_EQ(run({"register", "export", "-o", "csv", "--lang", "en"}), kDone);
  EXPECT_TRUE(prints("Host,Core system,Location\r\nweb-1,yes,'=1+1"));
}

TEST_F(RecordCommands, HistoryIsALineForEachChange) {
  remote_.answers["/register/web-1/history"] = Json::parse(R"({"items":[
    {"since":"2026-11-21T01:02:03Z","changed_by":"Ann","note":"moved",
     "changes":[{"field":"location","before":"3F","after":"5F"}]}],"next":null})");
  EXPECT_EQ(run({"register", "history", "web-1", "--lang", "en"}), kDone);
  for (const auto* part : {"Ann", "location", "3F", "5F", "moved"}) EXPECT_TRUE(prints(part));
}

TEST_F(RecordCommands, LearningProposesAndAppliesWithANote) {
  EXPECT_EQ(run({"allowlist", "learn", "--from", "golden", "--kind", "deb", "--lang", "en"}),
            kDone);
  EXPECT_EQ(asked_for("host"), "golden");
  EXPECT_TRUE(prints("2 rows proposed")) << out_;
  EXPECT_TRUE(prints("rpm_packages: no rpm here"));
  EXPECT_EQ(remote_.last_body, "") << "nothing is approved without --apply";
  EXPECT_EQ(run({"allowlist", "learn", "--from", "golden", "--apply"}), kUsageError);
  EXPECT_EQ(remote_.last_body, "");
  EXPECT_EQ(run({"allowlist", "learn", "--from", "golden", "--apply", "--note", "image 7",
                 "--group", "web", "--until", "2027-06-30", "--lang", "en"}),
            kDone);
  EXPECT_EQ(body()["rows"][0], Json::parse(R"({"kind":"deb","name":"curl","host_group":"web"})"));
  EXPECT_EQ(body()["until"], "2027-06-30");
  EXPECT_TRUE(prints("2 rows approved"));
}

TEST_F(RecordCommands, ApprovingNamesKindNameAndMore) {
  EXPECT_EQ(run({"allowlist", "approve", "deb", "nginx*", "--min-version", "1.22", "--group", "web",
                 "--until", "2027-06-30", "--note", "web servers"}),
            kDone);
  EXPECT_EQ(body(), Json::parse(R"({"rows":[{"kind":"deb","name":"nginx*","min_version":"1.22",
    "host_group":"web"}],"until":"2027-06-30","note":"web servers"})"));
  EXPECT_EQ(run({"allowlist", "approve", "deb", "nginx"}), kUsageError) << "why?";
  EXPECT_EQ(run({"allowlist", "approve", "--note", "x"}), kUsageError);
}

TEST_F(RecordCommands, TheSiblingsHaveTheSameVerbs) {
  const Json done = {{"list", "x"}, {"added", 1}, {"replaced", 0}, {"unchanged", 0}};
  for (const auto* list : {"approved_listeners", "approved_administrators", "approved_resolvers",
                           "support_contracts", "phase_out_plans", "networks"})
    remote_.answers_to_post["/approvals/" + std::string(list)] = done;
  EXPECT_EQ(run({"listeners", "approve", "443", "--process", "nginx", "--note", "web"}), kDone);
  EXPECT_EQ(body()["rows"][0], Json::parse(R"({"port":443,"protocol":6,"process":"nginx"})"));
  EXPECT_EQ(run({"listeners", "approve", "http", "--note", "web"}), kUsageError);
  EXPECT_EQ(run({"administrators", "approve", "mei", "--person", "陳美玲", "--note", "x"}), kDone);
  EXPECT_EQ(body()["rows"][0]["person"], "陳美玲");
  EXPECT_EQ(run({"resolvers", "approve", "192.0.2.53", "--note", "internal"}), kDone);
  EXPECT_EQ(run({"contracts", "add", "ubuntu", "PO 117", "--cycle", "20.04", "--contract-until",
                 "2030-04-30", "--note", "bought"}),
            kDone);
  EXPECT_EQ(body()["rows"][0]["contract_until"], "2030-04-30");
  EXPECT_EQ(run({"phase-out", "add", "centos", "--planned-until", "2027-03-31", "--measure",
                 "own segment", "--note", "board"}),
            kDone);
  EXPECT_EQ(run({"networks", "add", "192.0.2.0/24", "dmz", "--note", "plan"}), kDone);
  EXPECT_EQ(run({"contracts", "review"}), kUsageError) << "there is nothing to review";
}

TEST_F(RecordCommands, TheQueueSaysWhoHasItAndSinceWhen) {
  remote_.answers["/approvals/allowlist/review"] = Json::parse(R"({"list":"allowlist","hosts":3,
    "not_seen":[],"items":[{"kind":"deb","name":"nmap","versions":["7.93","7.94"],
      "version_count":2,"publishers":["Debian"],"hosts":[{"id":"h1","name":"web-1"},
      {"id":"h2","name":"web-2"}],"host_count":2,"first_seen":"2026-11-21T01:02:03Z",
      "installed_at":null,"installed_by":null,
      "installed_reason":{"en":"not recorded","zh-TW":"未記載"}}],"next":null})");
  EXPECT_EQ(run({"allowlist", "review", "--lang", "en"}), kDone);
  for (const auto* part : {"nmap", "7.93 +1", "web-1 +1", "2026-11-21",
                           "1 not approved, on 3 hosts that were looked at."})
    EXPECT_TRUE(prints(part)) << part << "\n" << out_;
  EXPECT_EQ(run({"allowlist", "review", "-o", "csv"}), kDone);
  EXPECT_TRUE(prints("\"7.93, 7.94\"")) << out_;
  EXPECT_TRUE(prints("not recorded"));
}

TEST_F(RecordCommands, AnExportIsAFileThatContentTakes) {
  remote_.answers["/approvals/allowlist"] = Json::parse(R"({"items":[{"id":"A-1","list":"allowlist",
    "row":{"kind":"deb","name":"nginx*: \"x\""},"until":"2027-06-30","note":"為了網站 # 1",
    "approved_by":"Ann: CISO","approved_at":"2026-11-21T01:02:03Z"}],"next":null})");
  EXPECT_EQ(run({"allowlist", "export"}), kDone);
  checks::yaml::Problems problems;
  const auto read = checks::yaml::parse(out_, "x.yaml", &problems);
  ASSERT_TRUE(read && problems.empty()) << out_;
  EXPECT_TRUE(prints("table: allowlist\n"));
  EXPECT_TRUE(prints("approved_by: \"Ann: CISO\""));
  EXPECT_TRUE(prints("retrieved: 2026-11-21"));
  remote_.answers["/approvals/allowlist"] = Json::parse(R"({"items":[],"next":null})");
  EXPECT_EQ(run({"allowlist", "export"}), kDone);
  EXPECT_TRUE(prints("rows: []"));
}

TEST_F(RecordCommands, WithdrawingNamesIdsAndWhy) {
  remote_.answers_to_post["/approvals/allowlist/withdraw"] =
      Json::parse(R"({"list":"allowlist","withdrawn":2})");
  EXPECT_EQ(run({"allowlist", "withdraw", "A-1", "A-2", "--note", "gone"}), kDone);
  EXPECT_EQ(body(), Json::parse(R"({"ids":["A-1","A-2"],"note":"gone"})"));
  EXPECT_EQ(run({"allowlist", "withdraw", "A-1"}), kUsageError);
}

TEST_F(RecordCommands, PostureIsShownByGroup) {
  remote_.answers["/posture"] = Json::parse(R"({"items":[
    {"by":"group","name":null,"host_id":null,"framework":"f","edition":"1","hosts":2,
     "stale_hosts":1,"score":0.5,"coverage":0.25}],"next":null})");
  EXPECT_EQ(run({"posture", "--by", "group", "--group", "web", "--lang", "en"}), kDone);
  EXPECT_EQ(asked_for("by"), "group");
  EXPECT_EQ(asked_for("group"), "web");
  EXPECT_TRUE(prints("(in no group)")) << out_;
  EXPECT_TRUE(prints("50 %"));
  EXPECT_EQ(run({"posture", "--by", "colour"}), kUsageError);
}

TEST_F(RecordCommands, CadenceNamesWhatIsMissing) {
  remote_.answers["/cadence"] = Json::parse(R"({"items":[{"framework":"f","edition":"1","id":"1",
    "title":{"en":"Logs","zh-TW":"日誌"},"frequency":"monthly","with_evidence":11,"of":12,
    "periods":[{"name":"2026-02","has_evidence":true,"missing":0},
               {"name":"2026-03","has_evidence":false,"missing":4}]}],"next":null})");
  EXPECT_EQ(run({"controls", "--cadence", "--lang", "en"}), kDone);
  EXPECT_TRUE(prints("11 of 12")) << out_;
  EXPECT_TRUE(prints("2026-03 on 4 hosts"));
  EXPECT_EQ(run({"controls", "--cadence", "--lang", "zh-TW"}), kDone);
  EXPECT_TRUE(prints("2026-03（4 台）")) << out_;
}

}  // namespace
}  // namespace assay::cli
