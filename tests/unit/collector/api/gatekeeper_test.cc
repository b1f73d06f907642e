// What the log is told.
#include "collector/api/gatekeeper.h"

#include <spdlog/sinks/ringbuffer_sink.h>
#include <spdlog/spdlog.h>

#include "tests/unit/collector/api/world.h"

namespace assay::collector::api {
namespace {

namespace http = boost::beast::http;

class GatekeeperTest : public World {
 protected:
  GatekeeperTest() {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", sink_));
    resources_->router.get("/api/v1/broken", {}, [](const ApiRequest&) -> Result<ApiResponse> {
      return assay::fail(Code::kIo, "the disk\nis gone");
    });
  }
  ~GatekeeperTest() override { spdlog::set_default_logger(before_); }

  HttpResponse ask(http::verb method, const std::string& target, Role role,
                   const std::string& body = "") {
    HttpRequest request(method, target, 11);
    request.set(http::field::authorization, "Bearer " + add_person("Mei\nling", role));
    request.body() = body;
    return gatekeeper_.answer(request, "10.0.0.1");
  }
  std::string logged() {
    std::string lines;
    for (const auto& line : sink_->last_formatted()) lines += line;
    return lines;
  }

  std::shared_ptr<spdlog::logger> before_ = spdlog::default_logger();
  std::shared_ptr<spdlog::sinks::ringbuffer_sink_mt> sink_ =
      std::make_shared<spdlog::sinks::ringbuffer_sink_mt>(100);
  std::shared_ptr<Resources> resources_ = std::make_shared<Resources>(*service_);
  Gatekeeper gatekeeper_{[this] { return resources_; }, *store_, [this] { return now_; }};
};

TEST_F(GatekeeperTest, AFailureOnOurSideIsInTheLogUnderTheNumberTheCallerSees) {
  const auto response = ask(http::verb::get, "/api/v1/broken", Role::kAuditor);
  EXPECT_EQ(response.result_int(), 500U);
  const std::string number(response["X-Request-Id"]);
  EXPECT_FALSE(number.empty());
  EXPECT_EQ(Json::parse(response.body())["error"]["request"], number);
  EXPECT_NE(logged().find(number + ": GET \"/api/v1/broken\" from 10.0.0.1: 500: "
                                   "\"the disk\\nis gone\""),
            std::string::npos)
      << logged();
  EXPECT_NE(ask(http::verb::get, "/api/v1/broken", Role::kAuditor)["X-Request-Id"], number);
}

TEST_F(GatekeeperTest, ARequestIsAnsweredFromTheContentItBeganWith) {
  auto& old = *resources_;
  old.router.get("/api/v1/slow", {}, [this, &old](const ApiRequest&) -> Result<ApiResponse> {
    const auto* check = old.service.content->check("ACC-ROOT");
    // Meanwhile, other content; nothing but this request holds the old one.
    auto content = std::make_shared<checks::Content>(*old.service.content);
    content->checks.clear();
    content->digest = evidence::sha256("newer");
    auto next = *service_;
    next.content = std::move(content);
    service_->content.reset();
    router_.reset();
    evaluator_.reset();
    keeper_.reset();
    resources_ = std::make_shared<Resources>(std::move(next));
    return json_response({{"id", check->id}, {"checks", old.service.content->checks.size()}});
  });
  const auto slow = ask(http::verb::get, "/api/v1/slow", Role::kAuditor);
  EXPECT_EQ(slow.result_int(), 200U) << slow.body();
  EXPECT_EQ(Json::parse(slow.body())["id"], "ACC-ROOT");
  EXPECT_EQ(Json::parse(slow.body())["checks"], 4);
  const auto next = ask(http::verb::get, "/api/v1/checks", Role::kAuditor);
  EXPECT_EQ(Json::parse(next.body())["items"].size(), 0U) << next.body();
}

TEST_F(GatekeeperTest, WhatIsInForceIsToldToEveryoneWhoMayRead) {
  const auto plain = Json::parse(ask(http::verb::get, "/api/v1/content", Role::kAuditor).body());
  EXPECT_EQ(plain["digest"], service_->content->digest.hex());
  EXPECT_EQ(plain["checks"], 4);
  auto told = *service_;
  told.content_state = [] {
    ContentState state;
    state.origin.bundle = BundleFacts{"Head office", "2026-11-10T00:00:00Z", 5, {}};
    state.failure = ContentFailure{"/etc/assay/content.d/a.yaml", 7,
                                   "no such column: x",           0,
                                   "2026-11-19T00:00:00Z",        Code::kConfiguration};
    return state;
  };
  resources_ = std::make_shared<Resources>(std::move(told));
  const auto content = Json::parse(ask(http::verb::get, "/api/v1/content", Role::kAuditor).body());
  EXPECT_EQ(content["state"], "last_good");
  EXPECT_EQ(content["bundle"]["age_days"], 10);
  EXPECT_EQ(content["bundle"]["is_past_limit"], true);
  EXPECT_EQ(content["failure"]["line"], 7);
}

TEST_F(GatekeeperTest, ACallersOwnMistakeIsNot) {
  const auto response = ask(http::verb::get, "/api/v1/nothing", Role::kAuditor);
  EXPECT_EQ(response.result_int(), 404U);
  EXPECT_FALSE(response.count("X-Request-Id"));
  EXPECT_EQ(logged(), "");
}

TEST_F(GatekeeperTest, EveryPostIsAuditedWhateverCameOfIt) {
  attending_ = enroll("web-1").id;
  EXPECT_EQ(ask(http::verb::post, "/api/v1/hosts/web-1/scan", Role::kOperator).result_int(), 202U);
  EXPECT_NE(logged().find("audit: POST \"/api/v1/hosts/web-1/scan\" by \"Mei\\nling\" (operator, "),
            std::string::npos)
      << logged();
  EXPECT_NE(logged().find(" from 10.0.0.1: 202, \"" + attending_ + '"'), std::string::npos);
  EXPECT_EQ(ask(http::verb::post, "/api/v1/hosts/web-1/scan", Role::kAuditor).result_int(), 403U);
  EXPECT_NE(logged().find(" from 10.0.0.1: 403"), std::string::npos) << logged();
}

TEST_F(GatekeeperTest, ABodyThatNobodyReadsIsRefused) {
  EXPECT_EQ(ask(http::verb::post, "/api/v1/hosts/x/scan", Role::kOperator, "{}").result_int(),
            400U);
}

}  // namespace
}  // namespace assay::collector::api
