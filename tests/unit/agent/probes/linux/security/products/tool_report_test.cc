#include "agent/probes/linux/security/products/tool_report.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/agent/memory_host.h"

namespace assay::agent {
namespace {

TEST(ToolReportTest, FindsValuesBehindColonsEqualSignsAndColumns) {
  constexpr std::string_view kReport =
      "Product version: 7.0.3\n - New update: no\nCurDefs=20261120.003\nAgent state      Enabled\n"
      "Name only\nEmpty:\n";
  EXPECT_EQ(report_value(kReport, "Product version"), "7.0.3");
  EXPECT_EQ(report_value(kReport, "New update"), "no");
  EXPECT_EQ(report_value(kReport, "CurDefs"), "20261120.003");
  EXPECT_EQ(report_value(kReport, "Agent state"), "Enabled");
  EXPECT_EQ(report_value(kReport, "Empty"), "");
  EXPECT_EQ(report_value(kReport, "Name"), "");
}

TEST(ToolReportTest, ANameIsTheWholeName) {
  EXPECT_EQ(report_value("Version of engine: 1\nVersion: 2\n", "Version"), "2");
}

TEST(ToolReportTest, OnlyListedToolsAreRun) {
  MemoryHost host;
  host.tools["/usr/bin/evil"] = "x";
  Findings findings;
  EXPECT_FALSE(run_tool(host, "/usr/bin/evil", "version", findings).has_value());
  EXPECT_NE(findings.presence.notes.at(0).find("not among the tools"), std::string::npos);
}

TEST(ToolReportTest, EveryToolIsListedOnceInOrderWithItsReason) {
  const auto tools = vendor_tools();
  ASSERT_FALSE(tools.empty());
  EXPECT_TRUE(std::ranges::is_sorted(tools, {}, &VendorTool::program));
  for (const auto& tool : tools) {
    EXPECT_TRUE(tool.program.starts_with('/')) << tool.program;
    EXPECT_FALSE(tool.why.en.empty()) << tool.program;
    EXPECT_FALSE(tool.why.zh_tw.empty()) << tool.program;
  }
}

}  // namespace
}  // namespace assay::agent
