// POST /api/v1/hosts/{host}/scan
#include "tests/unit/collector/api/world.h"

namespace assay::collector::api {
namespace {

TEST_F(World, AnOperatorAsksAnAgentToScan) {
  attending_ = enroll("web-1").id;
  const auto response = post("/api/v1/hosts/web-1/scan", Role::kOperator);
  EXPECT_EQ(response.status, 202) << response.body;
  EXPECT_EQ(asked_to_scan_, attending_);
  EXPECT_EQ(response.subject, attending_);
  EXPECT_EQ(Json::parse(response.body)["host"]["name"], "web-1");
  EXPECT_EQ(post("/api/v1/hosts/web-1/scan", Role::kAdmin).status, 202);
}

TEST_F(World, AnAuditorChangesNothing) {
  attending_ = enroll("web-1").id;
  EXPECT_EQ(post("/api/v1/hosts/web-1/scan", Role::kAuditor).status, 403);
  EXPECT_EQ(asked_to_scan_, "");
}

TEST_F(World, AHostThatIsNotThereIsNotAsked) {
  const auto host = enroll("web-1");
  const auto response = post("/api/v1/hosts/web-1/scan", Role::kOperator);
  EXPECT_EQ(response.status, 409);
  EXPECT_NE(response.body.find("not attached"), std::string::npos) << response.body;
  EXPECT_EQ(post("/api/v1/hosts/web-2/scan", Role::kOperator).status, 404);
  attending_ = host.id;
  ASSERT_TRUE(store_->revoke_host(host.id, now_));
  EXPECT_EQ(post("/api/v1/hosts/web-1/scan", Role::kOperator).status, 409);
}

TEST_F(World, WhatIsAskedForIsNotRead) {
  (void)enroll("web-1");
  EXPECT_EQ(status("/api/v1/hosts/web-1/scan"), 405);
  EXPECT_EQ(post("/api/v1/hosts", Role::kAdmin).status, 405);
  EXPECT_EQ(post("/api/v1/nothing", Role::kAdmin).status, 404);
}

}  // namespace
}  // namespace assay::collector::api
