#include "agent/scanner/scanner_process.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace assay::agent {
namespace {

Result<ScannerEnd> shell(const std::string& script, std::string_view input = {},
                         std::chrono::milliseconds limit = std::chrono::milliseconds(10'000)) {
  return run_scanner({.program = "/bin/sh",
                      .arguments = {"-c", script},
                      .input = input,
                      .time_limit = limit,
                      .must_end = {}});
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

TEST(ScannerProcess, IsEndedWhenItStaysAfterItsAnswer) {
  const auto start = std::chrono::steady_clock::now();
  const auto ended = shell("exec >&-; exec sleep 30");
  ASSERT_FALSE(ended.has_value());
  EXPECT_EQ(ended.error().code(), Code::kIo);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(ScannerProcess, IsEndedWithTheOneThatWaitsForIt) {
  const auto ended = run_scanner({.program = "/bin/sh",
                                  .arguments = {"-c", "exec sleep 30"},
                                  .input = {},
                                  .time_limit = std::chrono::seconds(20),
                                  .must_end = [] { return true; }});
  ASSERT_FALSE(ended.has_value());
  EXPECT_EQ(ended.error().code(), Code::kUnavailable);
}

TEST(ScannerProcess, TellsWhatItHasCost) {
  const auto ended = shell("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done");
  ASSERT_TRUE(ended.has_value());
  EXPECT_GT(ended->cpu.count(), 0);
  EXPECT_GT(ended->peak_bytes, 100'000U);
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
  const auto ended = run_scanner({.program = "/nonexistent/assay-scanner",
                                  .arguments = {},
                                  .input = {},
                                  .time_limit = {},
                                  .must_end = {}});
  ASSERT_FALSE(ended.has_value());
  EXPECT_EQ(ended.error().code(), Code::kNotFound);
}

}  // namespace
}  // namespace assay::agent
