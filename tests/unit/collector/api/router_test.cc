#include "collector/api/router.h"

#include <gtest/gtest.h>

#include "collector/api/gatekeeper.h"

namespace assay::collector::api {
namespace {

Router router() {
  Router out;
  out.get("/things", {"colour"}, [](const ApiRequest& request) -> Result<ApiResponse> {
    return json_response({{"colour", request.text("colour")}});
  });
  out.get("/things/*", {}, [](const ApiRequest& request) -> Result<ApiResponse> {
    if (request.parameter == "lost") return assay::fail(Code::kNotFound, "no thing lost");
    if (request.parameter == "broken") throw std::runtime_error("broken");
    return json_response({{"id", request.parameter}});
  });
  return out;
}

ApiResponse get(std::string_view target) {
  auto request = read_target(target);
  return request ? router().answer(std::move(*request)) : error_response(request.error());
}

TEST(Router, FindsTheRouteAndTheOpenSegment) {
  EXPECT_EQ(get("/things?colour=red").body, R"({"colour":"red"})");
  EXPECT_EQ(get("/things/7").body, R"({"id":"7"})");
}

TEST(Router, DecodesThePathAndTheQuery) {
  EXPECT_EQ(get("/things/%E4%B8%BB%E6%A9%9F").body, "{\"id\":\"主機\"}");
  EXPECT_EQ(get("/things?colour=dark%20red").body, R"({"colour":"dark red"})");
}

TEST(Router, NothingElseIsThere) {
  for (const auto* target : {"/", "/thing", "/things/7/8", "/things/", "//things"})
    EXPECT_EQ(get(target).status, 404) << target;
}

TEST(Router, AnOpenEndTakesOneSegmentOrSeveral) {
  Router open;
  open.get_below("/tile/*/*", [](const ApiRequest& request) -> Result<ApiResponse> {
    return json_response({{"segments", request.path.size()}});
  });
  const auto status = [&open](std::string_view target) {
    return open.answer(read_target(target).value()).status;
  };
  EXPECT_EQ(status("/tile/0/001"), 200);
  EXPECT_EQ(status("/tile/0/x001/x002/003.p/7"), 200);
  EXPECT_EQ(status("/tile/0"), 404);
  EXPECT_EQ(status("/tile/0/"), 404);
}

TEST(Router, AMisspeltParameterIsRefusedWithASuggestion) {
  const auto response = get("/things?color=red");
  EXPECT_EQ(response.status, 400);
  EXPECT_NE(response.body.find("did you mean \\\"colour\\\"?"), std::string::npos) << response.body;
}

TEST(Router, AParameterTwiceOrABadTargetIsRefused) {
  EXPECT_EQ(get("/things?colour=red&colour=blue").status, 400);
  EXPECT_EQ(get("things").status, 400);
  EXPECT_EQ(get("/things/%zz").status, 400);
}

TEST(Router, AFailureKeepsItsCodeAndWords) {
  const auto response = get("/things/lost");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.body, R"({"error":{"code":"not_found","message":"no thing lost",)"
                           R"("words":{"en":"no thing lost",)"
                           R"("zh-TW":"找不到指定的項目（no thing lost）"}}})");
}

TEST(Router, AnExceptionEndsAtTheRouter) {
  EXPECT_EQ(get("/things/broken").status, 500);
}

TEST(Message, TimesAreDaysOrMoments) {
  EXPECT_EQ(evidence::to_timestamp(time_in("2026-11-21", "from").value()), "2026-11-21T00:00:00Z");
  EXPECT_TRUE(time_in("2026-11-21T08:00:00Z", "from"));
  EXPECT_EQ(time_in("yesterday", "from").error().code(), Code::kUsage);
}

TEST(Message, TheLimitOfAPageIsBounded) {
  const auto page = [](std::string_view target) { return page_in(read_target(target).value()); };
  EXPECT_EQ(page("/x").value().limit, 100U);
  EXPECT_EQ(page("/x?limit=1000").value().limit, 1000U);
  for (const auto* target : {"/x?limit=0", "/x?limit=1001", "/x?limit=-1", "/x?limit=ten"})
    EXPECT_EQ(page(target).error().code(), Code::kUsage) << target;
}

}  // namespace
}  // namespace assay::collector::api
