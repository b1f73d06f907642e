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

// A tool below folders of its own.
class InstalledTool : public testing::Test {
 protected:
  InstalledTool() {
    folder_.write("maker/bin/tool", "#!/bin/sh\necho hello\n");
    ::chmod(at("maker/bin/tool").c_str(), 0755);
    folder_.link("tool", "maker/bin/../bin/./tool");
  }
  [[nodiscard]] std::string at(const std::string& name) const {
    return (folder_.path() / name).string();
  }
  // What it prints, or why it is refused.
  [[nodiscard]] std::string run(const std::string& name) const {
    const auto output = run_vendor_tool({.program = at(name)});
    if (output) return *output;
    EXPECT_EQ(output.error().code(), Code::kRefused);
    const auto& message = output.error().message();
    return message.substr(message.find(": ") + 2);
  }
  const ScratchFolder folder_;
};

TEST_F(InstalledTool, RunsByItsPathAndByALink) {
  EXPECT_EQ(run("maker/bin/tool"), "hello\n");
  EXPECT_EQ(run("tool"), "hello\n");
}

TEST_F(InstalledTool, IsRefusedWhenOthersCanChangeTheProgram) {
  ::chmod(at("maker/bin/tool").c_str(), 0777);
  EXPECT_EQ(run("tool"), "others than root may change " + at("maker/bin/tool"));
}

TEST_F(InstalledTool, IsRefusedWhenOthersCanChangeAFolderThatLeadsToIt) {
  ::chmod(at("maker").c_str(), 0775);
  EXPECT_EQ(run("maker/bin/tool"), "others than root may change " + at("maker"));
  EXPECT_EQ(run("tool"), "others than root may change " + at("maker"));
  ::chmod(at("maker").c_str(), 01777);  // there only owners may put others in the place of files
  EXPECT_EQ(run("tool"), "hello\n");
}

TEST_F(InstalledTool, IsRefusedWhenSomebodyElseOwnsAFolderOrALink) {
  ASSERT_EQ(::lchown(at("tool").c_str(), 65534, 65534), 0);
  EXPECT_EQ(run("tool"), "others than root may change " + at("tool"));
  ASSERT_EQ(::chown(at("maker/bin").c_str(), 65534, 65534), 0);
  EXPECT_EQ(run("maker/bin/tool"), "others than root may change " + at("maker/bin"));
}

TEST_F(InstalledTool, IsRefusedWhenItsPathLeadsNowhere) {
  folder_.link("circle", "circle");
  EXPECT_EQ(run("circle"), "its path leads through too many links");
  EXPECT_EQ(run("maker/bin"), at("maker/bin") + " is no program");
  EXPECT_EQ(run("maker/bin/tool/x"), at("maker/bin/tool") + " is no program");
}

}  // namespace
}  // namespace assay::agent
