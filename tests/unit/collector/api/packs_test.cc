// An auditor's pack over the API: it proves itself by the ledger's key, and is the same bytes for
// the same question whatever has happened since.
#include <algorithm>

#include "collector/ledger/ledger_key.h"
#include "collector/ledger/sequencer.h"
#include "evidence/pack.h"
#include "evidence/signature.h"
#include "evidence/tar.h"
#include "tests/unit/collector/api/world.h"

namespace assay::collector::api {
namespace {

class PacksTest : public World {
 protected:
  PacksTest() { service_->ledger_key = evidence::to_text(key_.verifier()); }

  void log() {
    SequencerOptions options;
    options.now = [this] { return now_; };
    ASSERT_TRUE(sequence_once(*store_, key_, options));
  }
  ApiResponse ask(const Json& body) {
    return send(Method::kPost, "/api/v1/packs", body.dump(), {"t1", "Lin", Role::kAuditor});
  }
  std::string make(const Json& body) {
    const auto response = ask(body);
    EXPECT_EQ(response.status, 201) << response.body;
    return Json::parse(response.body).value("id", "");
  }
  std::string fetch(const std::string& id) {
    auto response = answer("/api/v1/packs/" + id + "/file");
    EXPECT_EQ(response.status, 200) << response.body;
    if (!response.stream) return {};
    std::string bytes;
    for (;;) {
      const auto piece = response.stream->next();
      EXPECT_TRUE(piece) << piece.error().message();
      if (!piece || piece->empty()) break;
      bytes += *piece;
    }
    EXPECT_EQ(bytes.size(), response.stream->bytes);
    return bytes;
  }
  evidence::VerificationReport verified(const std::string& archive) {
    evidence::Trust trust;
    trust.ledger = key_.verifier();
    const auto report = evidence::verify_pack(archive, trust);
    EXPECT_TRUE(report) << report.error().message();
    if (!report) return {};
    for (const auto& entry : report->entries)
      EXPECT_NE(entry.outcome, evidence::Verification::Outcome::kBad)
          << entry.subject.en << ": " << entry.detail.en;
    return *report;
  }
  static std::map<std::string, std::string> files_of(const std::string& archive) {
    std::map<std::string, std::string> files;
    const auto members = evidence::read_tar(archive).value();
    for (const auto& [name, content] : members) files.emplace(name, content);
    return files;
  }

  Machine web_ = enroll("web-1");
  Machine pc_ = enroll("pc-1");
  LedgerKey key_ =
      LedgerKey::open_or_create(folder_, evidence::read_certificate(ca_.certificate)->fingerprint)
          .value();
};

TEST_F(PacksTest, HoldsEverythingAndProvesItself) {
  web_.minlen = 8;
  web_.roots = {"root", "toor"};
  (void)scan(web_);
  (void)scan(pc_);
  wait(std::chrono::hours(1));
  const auto id = make({{"framework", "strict"}});
  EXPECT_EQ(id, "PACK-1");
  EXPECT_EQ(status("/api/v1/packs/" + id + "/file"), 503) << "the ledger does not have it yet";
  log();
  const auto archive = fetch(id);
  EXPECT_TRUE(verified(archive).is_good());
  const auto files = files_of(archive);
  EXPECT_NE(files.at("verdicts.csv").find(",pass,"), std::string::npos) << "not failures only";
  EXPECT_NE(files.at("verdicts.csv").find(",fail,"), std::string::npos);
  EXPECT_NE(files.at("report.zh-TW.html").find("不符合"), std::string::npos);
  EXPECT_EQ(Json::parse(files.at("hosts.json")).size(), 2U);
  EXPECT_GE(Json::parse(files.at("findings.json")).size(), 2U);
  EXPECT_EQ(get("/api/v1/packs")["items"].size(), 1U);
  EXPECT_EQ(get("/api/v1/packs/" + id)["requested_by"], "Lin");
}

TEST_F(PacksTest, TheSameQuestionIsTheSameBytes) {
  web_.minlen = 8;
  (void)scan(web_);
  (void)scan(pc_);
  const auto moment = time();
  wait(std::chrono::hours(1));
  const auto id = make({{"framework", "strict"}, {"as_of", moment}});
  log();
  const auto before = fetch(id);
  // Machines change, are judged otherwise, are revoked; people ask for waivers and agree.
  web_.minlen = 14;
  (void)scan(web_);
  pc_.minlen = 4;
  (void)scan(pc_);
  ASSERT_TRUE(store_->revoke_host(pc_.id, now_));
  wait(std::chrono::hours(24 * 30));
  EXPECT_EQ(make({{"framework", "strict"}, {"as_of", moment}}), id) << "it is on record already";
  EXPECT_EQ(fetch(id), before);
  log();
  auto later = files_of(fetch(id));
  for (const auto& [name, content] : files_of(before)) {
    if (name.ends_with(".tlog-proof")) continue;
    EXPECT_EQ(later[name], content) << name;
  }
  EXPECT_TRUE(verified(fetch(id)).is_good());
}

TEST_F(PacksTest, APeriodHasItsHistory) {
  web_.minlen = 8;
  (void)scan(web_);
  const auto begin = time();
  web_.minlen = 14;
  (void)scan(web_);
  wait(std::chrono::hours(1));
  const auto id = make({{"framework", "strict"}, {"since", begin}, {"hosts", {"web-1"}}});
  log();
  const auto archive = fetch(id);
  EXPECT_TRUE(verified(archive).is_good());
  const auto files = files_of(archive);
  const auto history = Json::parse(files.at("verdict-history.json"));
  EXPECT_TRUE(std::ranges::any_of(history, [](const Json& row) {
    return row["check"] == "PWD-LENGTH" && row["state"] == "fail" && !row["until"].is_null();
  })) << files.at("verdict-history.json");
  EXPECT_EQ(Json::parse(files.at("hosts.json")).size(), 1U);
}

TEST_F(PacksTest, AHostWithoutEvidenceIsSaidSo) {
  (void)scan(web_);
  wait(std::chrono::hours(1));
  const auto id = make({{"framework", "mild"}});
  log();
  const auto report = verified(fetch(id));
  EXPECT_TRUE(std::ranges::any_of(report.entries, [&](const auto& entry) {
    return entry.subject.en == "host " + pc_.id &&
           entry.outcome == evidence::Verification::Outcome::kNotChecked;
  }));
}

TEST_F(PacksTest, RefusesWhatCannotBe) {
  (void)scan(web_);
  EXPECT_EQ(ask({{"framework", "other"}}).status, 404);
  EXPECT_EQ(ask(Json::object()).status, 400);
  EXPECT_EQ(ask({{"framework", "strict"}, {"as_of", time()}}).status, 400) << "still being judged";
  EXPECT_EQ(ask({{"framework", "strict"}, {"hosts", {"nobody"}}}).status, 404);
  EXPECT_EQ(ask({{"framework", "strict"}, {"hosts", {"web-1"}}, {"as_of", "2020-01-01T00:00:00Z"}})
                .status,
            404)
      << "it was not enrolled then";
  EXPECT_EQ(status("/api/v1/packs/PACK-1"), 404);
  EXPECT_EQ(status("/api/v1/packs/PACK-1/file"), 404);
}

}  // namespace
}  // namespace assay::collector::api
