#include "agent/courier/enrollment_token.h"

#include <gtest/gtest.h>

namespace assay::agent {
namespace {

const std::string kFingerprint = evidence::sha256("ca").hex();

TEST(EnrollmentToken, HasASecretAndAFingerprint) {
  const auto token = enrollment_token_from("  s3cr.et." + kFingerprint + "\n");
  ASSERT_TRUE(token);
  EXPECT_EQ(token->secret, "s3cr.et");
  EXPECT_EQ(token->authority, evidence::sha256("ca"));
}

TEST(EnrollmentToken, WhatIsWrongIsSaidWithoutTheSecret) {
  for (const auto& text : {std::string(), std::string("hunter2"), "." + kFingerprint,
                           "hunter2." + kFingerprint.substr(1),
                           "hunter2" + std::string(300, 'x') + "." + kFingerprint}) {
    const auto token = enrollment_token_from(text);
    ASSERT_FALSE(token) << text;
    EXPECT_EQ(token.error().code(), Code::kUsage);
    EXPECT_EQ(token.error().message().find("hunter2"), std::string::npos);
  }
}

}  // namespace
}  // namespace assay::agent
