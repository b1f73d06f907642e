#include "agent/host/vendor_tool.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "tests/unit/agent/scratch_folder.h"

namespace assay::agent {
namespace {

using std::chrono::milliseconds;

TEST(VendorToolTest, ItsListIsSortedAndExplained) {
  EXPECT_TRUE(std::ranges::is_sorted(vendor_tools(), {}, &VendorTool::program));
  for (const auto& tool : vendor_tools()) {
    EXPECT_TRUE(tool.program.starts_with('/')) << tool.program;
    EXPECT_FALSE(tool.why.en.empty() || tool.why.zh_tw.empty()) << tool.program;
  }
}

TEST(VendorToolTest, GivesWhatTheToolPrints) {
  EXPECT_EQ(run_vendor_tool({.program = "/usr/bin/printf", .arguments = {"%s", "a b"}}), "a b");
}

TEST(VendorToolTest, TheToolHasNoEnvironmentAndNoInput) {
  ::setenv("ASSAY_SECRET", "canary", 1);
  EXPECT_EQ(run_vendor_tool({.program = "/usr/bin/env"}), "");
  ::unsetenv("ASSAY_SECRET");
  EXPECT_EQ(run_vendor_tool({.program = "/bin/cat"}), "");
}

TEST(VendorToolTest, EndsAToolThatTakesTooLong) {
  const auto output = run_vendor_tool(
      {.program = "/bin/sleep", .arguments = {"60"}, .time_limit = milliseconds(50)});
  EXPECT_EQ(output.error().code(), Code::kTimedOut);
}

TEST(VendorToolTest, EndsAToolThatPrintsTooMuch) {
  EXPECT_EQ(run_vendor_tool({.program = "/usr/bin/yes"}).error().code(), Code::kTooLarge);
}

TEST(VendorToolTest, AFailureIsNoAnswer) {
  EXPECT_EQ(run_vendor_tool({.program = "/bin/false"}).error().code(), Code::kIo);
  EXPECT_EQ(run_vendor_tool({.program = "/no/such/tool"}).error().code(), Code::kNotFound);
}

TEST(VendorToolTest, RefusesAProgramThatOthersCanChange) {
  const ScratchFolder folder;
  folder.write("tool", "#!/bin/sh\necho hello\n");
  const auto program = (folder.path() / "tool").string();
  ::chmod(program.c_str(), 0777);
  EXPECT_EQ(run_vendor_tool({.program = program}).error().code(), Code::kRefused);
}

}  // namespace
}  // namespace assay::agent
