// People's acts over the API: what it shows of each is what the ledger has the digest of.
#include "cli/audit/act_text.h"
#include "collector/ledger/ledger_key.h"
#include "collector/ledger/sequencer.h"
#include "evidence/signature.h"
#include "tests/unit/collector/api/world.h"

namespace assay::collector::api {
namespace {

const Person kLin{"token-lin", "Lin", Role::kOperator};
const Person kMei{"token-mei", "Mei", Role::kAdmin};

class ActsTest : public World {
 protected:
  void log() {
    SequencerOptions options;
    options.now = [this] { return now_; };
    ASSERT_TRUE(sequence_once(*store_, key_, options));
  }
  void request_waiver(const std::string& reason = "To be replaced") {
    const Json body = {{"check", "PWD-LENGTH"},
                       {"hosts", {"web"}},
                       {"reason", reason},
                       {"measure", "Bastion only"},
                       {"until", "2026-12-10"}};
    ASSERT_EQ(send(Method::kPost, "/api/v1/waivers", body.dump(), kLin).status, 201);
  }
  void decide(const std::string& waiver, const std::string& verb) {
    ASSERT_EQ(send(Method::kPost, "/api/v1/waivers/" + waiver + "/" + verb, R"({"note":"n"})", kMei)
                  .status,
              200);
  }
  Json acts(const std::string& query = "") { return get("/api/v1/acts" + query)["items"]; }
  // Of all pages, each of `limit` at most.
  std::vector<std::int64_t> numbers(const std::string& query) {
    std::vector<std::int64_t> out;
    std::string cursor;
    do {
      const auto page = get("/api/v1/acts?" + query + "&cursor=" + cursor);
      for (const auto& item : page["items"]) out.push_back(item["number"]);
      cursor = page["next"].is_string() ? page["next"].get<std::string>() : "";
    } while (!cursor.empty());
    return out;
  }

  Machine web_ = enroll("web");
  LedgerKey key_ =
      LedgerKey::open_or_create(folder_, evidence::read_certificate(ca_.certificate)->fingerprint)
          .value();
};

TEST_F(ActsTest, ShowsWhoDidWhatWhenAndWhereItIsInTheLedger) {
  (void)scan(web_);
  request_waiver();
  ASSERT_EQ(acts().size(), 1U + kActsOfEnrolling);
  EXPECT_TRUE(acts().back()["index"].is_null()) << "it is not logged yet";
  log();
  const auto act = acts().back();
  EXPECT_EQ(act["number"], 1 + kActsOfEnrolling);
  EXPECT_EQ(act["kind"], "waiver_requested");
  EXPECT_EQ(act["record"], "1");
  EXPECT_EQ(act["at"], time());
  EXPECT_EQ(act["token"], "token-lin");
  EXPECT_EQ(act["name"], "Lin");
  EXPECT_EQ(act["details"]["check"], "PWD-LENGTH");
  EXPECT_EQ(act["details"]["reason"], "To be replaced");
  EXPECT_TRUE(act["details"]["finding"].is_null());
  EXPECT_EQ(act["index"], 1 + kActsOfEnrolling) << "behind the snapshot";
  EXPECT_EQ(store_->ledger_entries(1 + kActsOfEnrolling, 1).value().front().digest.hex(),
            act["sha256"]);
}

TEST_F(ActsTest, TheBytesOfTheLedgerAreMadeOfWhatIsShown) {
  request_waiver(std::string(3'000, '\t') + "「例外」 \"\\ \u202e");
  decide("W-1", "approve");
  // Its hosts are over 16 KiB: a digest of them stands in the act.
  auto wide = store_->waiver("W-1").value();
  wide.acts.clear();
  wide.scope.hosts.clear();
  for (int i = 10'000; i < 11'000; ++i)
    wide.scope.hosts.push_back("branch-" + std::to_string(i) + ".example");
  ASSERT_TRUE(store_->add_waiver(wide));
  ASSERT_TRUE(store_->revoke_host(web_.id, now_));
  log();
  const auto items = acts();
  ASSERT_EQ(items.size(), 4U + kActsOfEnrolling);
  for (const auto& item : items) {
    const auto text = cli::act_text_from(item);
    ASSERT_TRUE(text) << item.dump();
    EXPECT_EQ(evidence::sha256(evidence::to_text(text->act)).hex(), item["sha256"]) << item.dump();
    EXPECT_EQ(store_->ledger_entries(text->index.value(), 1).value().front().digest.hex(),
              item["sha256"]);
  }
  EXPECT_TRUE(
      items[2 + kActsOfEnrolling]["details"]["hosts"].get<std::string>().starts_with("sha256:"));
  EXPECT_EQ(items.back()["name"], "") << "it was done at the collector itself";
}

TEST_F(ActsTest, PagesHoldEachActOnce) {
  for (int i = 0; i < 7 - kActsOfEnrolling; ++i) request_waiver();
  const std::vector<std::int64_t> all = {1, 2, 3, 4, 5, 6, 7};
  for (const auto* limit : {"1", "3", "7", "1000"})
    EXPECT_EQ(numbers(std::string("limit=") + limit), all) << limit;
  EXPECT_EQ(get("/api/v1/acts?limit=3")["items"].size(), 3U);
  EXPECT_TRUE(get("/api/v1/acts?limit=7")["next"].is_null());
}

TEST_F(ActsTest, APageOfLongActsEndsEarly) {
  for (int i = 0; i < 400; ++i) request_waiver(std::string(8'000, '\x01'));  // six times as much
  const auto page = get("/api/v1/acts?limit=1000");
  EXPECT_LT(page["items"].size(), 200U);
  EXPECT_LT(page.dump().size(), 6U << 20U);
  EXPECT_EQ(numbers("limit=1000").size(), 400U + kActsOfEnrolling);
}

TEST_F(ActsTest, OfOneKind) {
  for (int i = 0; i < 120; ++i) request_waiver();
  decide("W-3", "approve");
  request_waiver();
  decide("W-4", "reject");
  EXPECT_EQ(numbers("kind=waiver_decided&limit=1"),
            (std::vector<std::int64_t>{121 + kActsOfEnrolling, 123 + kActsOfEnrolling}));
  EXPECT_EQ(numbers("kind=waiver_requested").size(), 121U);
  EXPECT_EQ(numbers("kind=of_tomorrow").size(), 0U);
  EXPECT_EQ(status("/api/v1/acts?kind=Waiver%20requested"), 400);
}

TEST_F(ActsTest, WhoeverMayLogInMayReadThemAndNobodyMayWriteThem) {
  request_waiver();
  for (const auto role : {Role::kAuditor, Role::kOperator, Role::kAdmin}) {
    EXPECT_EQ(send(Method::kGet, "/api/v1/acts", "", {"t", "x", role}).status, 200);
    EXPECT_EQ(send(Method::kPost, "/api/v1/acts", "{}", {"t", "x", role}).status, 405);
  }
}

}  // namespace
}  // namespace assay::collector::api
