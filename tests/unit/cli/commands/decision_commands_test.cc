// assay waiver, assay attest: what is sent, and how whom a record is about is put into words.
#include "tests/unit/cli/commands/program.h"

namespace assay::cli {
namespace {

class DecisionCommands : public ProgramTest {
 protected:
  DecisionCommands() {
    remote_.answers_to_post["/waivers"] = remote_.answers["/waivers/W-1"] = Json::parse(
        R"({"id":"W-1","state":"requested","check":"PWD-LENGTH",
            "title":{"en":"Length","zh-TW":"長度"},"finding":null,
            "hosts":[{"id":"h1","name":"web-1"}],"groups":["dmz"],"frameworks":[],"reason":"old",
            "measure":"bastion","until":"2026-12-31","days_left":null,
            "requester":{"name":"Lin","token":"t1"},"requested_at":"2026-11-21T01:02:03Z",
            "approver":null,"approved_at":null,"findings":2,
            "history":[{"act":"requested","at":"2026-11-21T01:02:03Z",
                        "by":{"name":"Lin","token":"t1"},"note":""}]})");
    remote_.answers_to_post["/waivers/W-1/approve"] = remote_.answers["/waivers/W-1"];
    remote_.answers["/waivers"] =
        Json{{"items", Json::array({remote_.answers["/waivers/W-1"]})}, {"next", nullptr}};
    remote_.answers_to_post["/attestations"] = remote_.answers["/attestations/ATT-1"] = Json::parse(
        R"({"id":"ATT-1","state":"in_force","framework":"idb-isp","edition":"2021",
            "control":"1.1.1","title":{"en":"Head","zh-TW":"負責人"},"hosts":[],"groups":[],
            "statement":"Appointed","owner":"CISO","date":"2026-11-21","until":"2027-11-20",
            "days_left":364,"recorder":{"name":"Lin","token":"t1"},
            "recorded_at":"2026-11-21T01:02:03Z","files":[],"history":[]})");
    remote_.answers_to_put["/attestations/ATT-1/files/minutes.pdf"] =
        remote_.answers["/attestations/ATT-1"];
  }
  Json body() const { return Json::parse(remote_.last_body); }
  bool prints(std::string_view text) const { return out_.find(text) != std::string::npos; }
};

TEST_F(DecisionCommands, AWaiverIsRequestedForHostsAndGroups) {
  EXPECT_EQ(run({"waiver",    "request", "--check", "PWD-LENGTH",  "--host",  "web-1",    "--group",
                 "dmz",       "--group", "branch",  "--framework", "idb-isp", "--reason", "old",
                 "--measure", "bastion", "--until", "2026-12-31",  "--lang",  "en"}),
            kDone);
  EXPECT_EQ(body(), Json::parse(R"({"reason":"old","measure":"bastion","until":"2026-12-31",
      "check":"PWD-LENGTH","hosts":["web-1"],"groups":["dmz","branch"],
      "frameworks":["idb-isp"]})"));
  EXPECT_TRUE(prints("web-1, group dmz")) << out_;
  EXPECT_TRUE(prints("2 open findings")) << out_;
  EXPECT_EQ(run({"waiver", "show", "W-1", "--lang", "zh-TW"}), kDone);
  EXPECT_TRUE(prints("web-1, 群組 dmz")) << out_;
  EXPECT_EQ(run({"waiver", "list", "-o", "csv", "--lang", "en"}), kDone);
  EXPECT_TRUE(prints("\"web-1, group dmz\"")) << out_;
}

TEST_F(DecisionCommands, AWaiverIsRequestedForTheHostsOfAFile) {
  const std::vector<std::string> rest = {"--check", "PWD-LENGTH", "--reason", "old",    "--measure",
                                         "bastion", "--until",    "d",        "--lang", "en"};
  const auto request = [&](const std::string& path, std::vector<std::string> more = {}) {
    remote_.last_body.clear();
    more.insert(more.begin(), {"waiver", "request", "--hosts-from", path});
    more.insert(more.end(), rest.begin(), rest.end());
    return run(more);
  };
  const auto path = file("hosts.txt", "# the branch\nweb-3\nweb-2  # old\n");
  EXPECT_EQ(request(path, {"--host", "web-1"}), kDone);
  EXPECT_EQ(body()["hosts"], Json::parse(R"(["web-1","web-2","web-3"])"));
  // A file without a host must not ask for a waiver of all.
  EXPECT_EQ(request(file("none.txt", "# nobody\n")), kBadData);
  EXPECT_EQ(err_, "assay: " + folder_ + "/none.txt: no host is named\n");
  EXPECT_EQ(request(folder_ + "/missing.txt"), kCannotOpen);
  EXPECT_NE(request(""), kDone);
  EXPECT_TRUE(remote_.last_body.empty()) << "nobody was asked";
}

TEST_F(DecisionCommands, HostsThatAreNotListedAreCounted) {
  remote_.answers["/waivers"]["items"][0]["host_count"] = 7'001;
  EXPECT_EQ(run({"waiver", "list", "-o", "csv", "--lang", "en"}), kDone);
  EXPECT_TRUE(prints("\"web-1, and 7000 more, group dmz\"")) << out_;
  EXPECT_EQ(run({"waiver", "list", "-o", "csv", "--lang", "zh-TW"}), kDone);
  EXPECT_TRUE(prints("\"web-1，另有 7000 台, 群組 dmz\"")) << out_;
}

TEST_F(DecisionCommands, AWaiverNeedsReasonMeasureAndEnd) {
  const std::vector<std::string> whole = {"waiver", "request",   "--check", "A",       "--reason",
                                          "b",      "--measure", "c",       "--until", "d"};
  EXPECT_EQ(run(whole), kDone);
  for (std::size_t at = 4; at < whole.size(); at += 2) {
    auto lacking = whole;
    lacking.erase(lacking.begin() + static_cast<std::ptrdiff_t>(at),
                  lacking.begin() + static_cast<std::ptrdiff_t>(at) + 2);
    EXPECT_EQ(run(lacking), kUsageError) << whole[at];
  }
}

TEST_F(DecisionCommands, AnActTakesANoteOrNone) {
  EXPECT_EQ(run({"waiver", "approve", "W-1", "--note", "as in 118"}), kDone);
  EXPECT_EQ(body(), Json({{"note", "as in 118"}}));
  EXPECT_EQ(run({"waiver", "approve", "W-1"}), kDone);
  EXPECT_EQ(run({"waiver", "reject", "W-1"}), kToolError) << "the collector refuses";
}

TEST_F(DecisionCommands, AnAttestationIsRecordedWithItsFiles) {
  const auto path = file("minutes.pdf", "%PDF-1.7");
  EXPECT_EQ(run({"attest", "add", "idb-isp:1.1.1", "--statement", "Appointed", "--owner", "CISO",
                 "--until", "2027-11-20", "--group", "dmz", "--file", path, "--lang", "en"}),
            kDone);
  EXPECT_EQ(body(), Json::parse(R"({"framework":"idb-isp","control":"1.1.1","statement":"Appointed",
      "owner":"CISO","until":"2027-11-20","groups":["dmz"]})"));
  EXPECT_EQ(remote_.sent["/attestations/ATT-1/files/minutes.pdf"], "%PDF-1.7");
  EXPECT_TRUE(prints("ATT-1")) << out_;
  EXPECT_EQ(run({"attest", "add", "idb-isp", "--statement", "a", "--owner", "b", "--until", "c"}),
            kUsageError);
}

TEST_F(DecisionCommands, AFileThatCannotBeReadIsKnownBeforeAnythingIsRecorded) {
  EXPECT_EQ(run({"attest", "add", "idb-isp:1.1.1", "--statement", "a", "--owner", "b", "--until",
                 "2027-11-20", "--file", folder_ + "/none.pdf"}),
            kCannotOpen);
  EXPECT_TRUE(remote_.last_body.empty());
}

}  // namespace
}  // namespace assay::cli
