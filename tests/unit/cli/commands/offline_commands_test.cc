// verify, check lint, check test, version: what works without a collector.
#include "evidence/bundle.h"
#include "tests/unit/cli/commands/program.h"

namespace assay::cli {
namespace {

constexpr std::string_view kCatalogue =
    "framework: f\nedition: \"1\"\ntitle: {en: T, zh-TW: 標題}\nsource: {en: S, zh-TW: 來源}\n"
    "controls_in_document: 1\ncontrols:\n"
    "  - {id: \"1\", title: {en: A, zh-TW: 甲}, gist: {en: A, zh-TW: 甲}, mode: automated, "
    "location: {en: A, zh-TW: 甲}}\n";

std::string rule(std::string_view severity) {
  return "- id: ACC-ROOT\n  title: {en: R, zh-TW: 甲}\n  rationale: {en: W, zh-TW: 甲}\n  "
         "severity: " +
         std::string(severity) +
         "\n  key: [username]\n"
         "  query: SELECT username FROM users WHERE uid = 0 AND username <> 'root'\n"
         "  remedy: {en: D, zh-TW: 甲}\n  controls:\n    - {control: \"f:1\", proves: full}\n";
}

class OfflineCommands : public ProgramTest {
 protected:
  OfflineCommands() {
    file("content/controls/f.yaml", kCatalogue);
    file("content/rules/acc.yaml", rule("high"));
  }
  // One unsigned snapshot without tables.
  static std::string bundle() {
    evidence::Manifest manifest;
    manifest.host_name = "web-1";
    manifest.agent_version = "0.1.0";
    manifest.profile = "server";
    manifest.sequence = 1;
    manifest.started = manifest.ended = "2026-11-21T01:02:03Z";
    evidence::Bundle bundle;
    evidence::SignedManifest its_manifest;
    its_manifest.manifest = evidence::to_canonical(manifest).value();
    bundle.manifests.push_back(its_manifest);
    return evidence::to_bytes(bundle).value();
  }
  std::string content_ = folder_ + "/content";
};

TEST_F(OfflineCommands, LintCountsWhatIsThere) {
  EXPECT_EQ(run({"check", "lint", content_, "-o", "json"}), kDone) << err_;
  EXPECT_EQ(Json::parse(out_)["checks"], 1);
}

TEST_F(OfflineCommands, LintNamesFileLineAndSuggestion) {
  file("content/rules/acc.yaml", rule("hihg"));
  EXPECT_EQ(run({"check", "lint", content_}), kBadConfiguration);
  EXPECT_NE(err_.find("acc.yaml:4"), std::string::npos) << err_;
}

TEST_F(OfflineCommands, LintOfAFolderThatIsNotThereCannotOpenIt) {
  EXPECT_EQ(run({"check", "lint", folder_ + "/none"}), kCannotOpen);
}

TEST_F(OfflineCommands, RuleTestsPassOrFailWithFileAndLine) {
  const auto good = file("good.test", "check ACC-ROOT\nexpect pass\n");
  EXPECT_EQ(run({"check", "test", good, "--content", content_, "--lang", "en"}), kDone) << err_;
  EXPECT_EQ(out_, "1 passed, 0 failed\n");
  const auto bad = file("bad.test", "check ACC-ROOT\nexpect fail\n");
  EXPECT_EQ(run({"check", "test", bad, "--content", content_}), kToolError);
  EXPECT_NE(out_.find("bad.test:2: expected fail, but it is pass"), std::string::npos) << out_;
}

TEST_F(OfflineCommands, VerifySaysWhatHolds) {
  const auto path = file("b.assay", bundle());
  const int code = run({"verify", path, "-o", "json"});
  const auto report = Json::parse(out_);
  EXPECT_EQ(code, report["good"].get<bool>() ? kDone : kBadData);
  EXPECT_FALSE(report["entries"].empty());
}

TEST_F(OfflineCommands, VerifyRefusesWhatIsNoBundle) {
  EXPECT_EQ(run({"verify", file("b.assay", "nonsense")}), kBadData);
  EXPECT_EQ(run({"verify", folder_ + "/none"}), kCannotOpen);
  auto cut = bundle();
  cut.resize(cut.size() / 2);
  EXPECT_EQ(run({"verify", file("cut.assay", cut)}), kBadData);
}

TEST_F(OfflineCommands, VersionAndHelpSucceed) {
  EXPECT_EQ(run({"version"}), kDone);
  EXPECT_TRUE(out_.starts_with("assay "));
  EXPECT_EQ(run({"--help"}), kDone);
  EXPECT_EQ(run({"findings", "--help", "--lang", "zh-TW"}), kDone);
}

}  // namespace
}  // namespace assay::cli
