#include "agent/scanner/scanner_process.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace assay::agent {
namespace {

Result<ScannerEnd> shell(const std::string& script, std::string_view input = {},
                         std::chrono::milliseconds limit = std::chrono::milliseconds(10'000)) {
  return run_scanner({"/bin/sh", {"-c", script}, input, limit});
}

TEST(ScannerProcess, ItsOutputAndCodeAreTaken) {
  const auto ended = shell("cat; exit 3", "what it is given");
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(ended->output, "what it is given");
  EXPECT_EQ(ended->code, 3);
}

TEST(ScannerProcess, HasNoSecretsInItsEnvironment) {
  ::setenv("ASSAY_TOKEN", "secret", 1);
  const auto ended = shell("echo \"$ASSAY_TOKEN.\"");
  ::unsetenv("ASSAY_TOKEN");
  ASSERT_TRUE(ended.has_value());
  EXPECT_EQ(ended->output, ".\n");
}

TEST(ScannerProcess, IsEndedWhenItTakesTooLong) {
  const auto ended = shell("exec sleep 30", {}, std::chrono::milliseconds(50));
  ASSERT_FALSE(ended.has_value());
  EXPECT_EQ(ended.error().code(), Code::kTimedOut);
}

TEST(ScannerProcess, IsEndedWhenItWritesTooMuch) {
  const auto ended = shell("exec cat /dev/zero");
  ASSERT_FALSE(ended.has_value());
  EXPECT_EQ(ended.error().code(), Code::kTooLarge);
}

TEST(ScannerProcess, ASignalIsNoAnswer) {
  const auto ended = shell("kill -9 $$");
  ASSERT_FALSE(ended.has_value());
  EXPECT_EQ(ended.error().code(), Code::kIo);
}

TEST(ScannerProcess, AProgramThatIsNotThereIsNotFound) {
  const auto ended = run_scanner({"/nonexistent/assay-scanner", {}, {}});
  ASSERT_FALSE(ended.has_value());
  EXPECT_EQ(ended.error().code(), Code::kNotFound);
}

}  // namespace
}  // namespace assay::agent
