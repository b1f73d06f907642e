#include "cli/client/login.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace assay::cli {
namespace {

class LoginTest : public testing::Test {
 protected:
  LoginTest() : folder_(testing::TempDir() + "login-" + std::to_string(getpid())) {
    std::filesystem::remove_all(folder_);
    setenv("XDG_CONFIG_HOME", folder_.c_str(), 1);
    for (const auto* name : {"ASSAY_URL", "ASSAY_TOKEN", "ASSAY_CA"}) unsetenv(name);
  }
  ~LoginTest() override {
    std::filesystem::remove_all(folder_);
    unsetenv("ASSAY_TOKEN");
  }
  std::string folder_;
};

TEST_F(LoginTest, WhatIsSavedIsLoaded) {
  ASSERT_TRUE(save({"https://c:7444", "secret", "PEM"}));
  const auto login = load_login();
  ASSERT_TRUE(login) << login.error().message();
  EXPECT_EQ(login->url, "https://c:7444");
  EXPECT_EQ(login->token, "secret");
  EXPECT_EQ(login->ca_pem, "PEM");
}

TEST_F(LoginTest, TheFileIsForItsOwnerOnly) {
  ASSERT_TRUE(save({"https://c", "secret", "PEM"}));
  struct stat facts{};
  ASSERT_EQ(::stat(login_path().value().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
  ASSERT_EQ(::chmod(login_path().value().c_str(), 0644), 0);
  EXPECT_EQ(load_login().error().code(), Code::kConfiguration) << "others may read the token";
}

TEST_F(LoginTest, TheEnvironmentWins) {
  ASSERT_TRUE(save({"https://c", "secret", "PEM"}));
  setenv("ASSAY_TOKEN", "other.fingerprint", 1);
  EXPECT_EQ(load_login().value().token, "other");
}

TEST_F(LoginTest, WithoutALoginTheCommandIsNamed) {
  const auto login = load_login();
  ASSERT_FALSE(login);
  EXPECT_EQ(login.error().code(), Code::kConfiguration);
  EXPECT_NE(login.error().message().find("assay login"), std::string::npos);
}

TEST_F(LoginTest, ADamagedFileIsSaid) {
  ASSERT_TRUE(save({"https://c", "secret", "PEM"}));
  std::ofstream(login_path().value()) << "{broken";
  EXPECT_EQ(load_login().error().code(), Code::kConfiguration);
}

TEST(Url, OnlyHttpsOfAHost) {
  EXPECT_EQ(normal_url("collector:7444").value(), "https://collector:7444");
  EXPECT_EQ(normal_url("https://collector:7444/").value(), "https://collector:7444");
  for (const auto* bad : {"http://c", "ftp://c", "", "https://", "https://user@c", "c/path", "a b"})
    EXPECT_EQ(normal_url(bad).error().code(), Code::kUsage) << bad;
}

TEST(TokenText, HasASecretAndTheFingerprintOfTheCa) {
  EXPECT_EQ(split_token("abc.def\n").secret, "abc");
  EXPECT_EQ(split_token("abc.def\n").ca_fingerprint, "def");
  EXPECT_EQ(split_token("abc").ca_fingerprint, "");
}

}  // namespace
}  // namespace assay::cli
