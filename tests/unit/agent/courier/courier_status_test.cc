#include "agent/courier/courier_status.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace assay::agent {
namespace {

TEST(CourierStatus, SaysWhatIsWrongInBothLanguages) {
  CourierStatus status;
  status.last_error = Error(Code::kRefused, "revoked \xff by the administrator");
  const auto json = nlohmann::json::parse(to_json(status));
  EXPECT_EQ(json["last_error"]["code"], "refused");
  EXPECT_NE(json["last_error"]["meaning"]["en"].get<std::string>().find("revoked"),
            std::string::npos);
  EXPECT_NE(json["last_error"]["meaning"]["zh-TW"].get<std::string>().find("撤銷"),
            std::string::npos);
}

TEST(CourierStatus, WhatIsNotKnownIsNull) {
  const auto json = nlohmann::json::parse(to_json(CourierStatus()));
  EXPECT_TRUE(json["last_contact"].is_null());
  EXPECT_TRUE(json["last_error"].is_null());
  EXPECT_TRUE(json["last_submission"].is_null());
}

}  // namespace
}  // namespace assay::agent
