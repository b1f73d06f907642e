// The programs of other makers that the agent may start: all of them, with all
// their arguments. docs/tables.md prints the same list.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/result.h"
#include "evidence/text.h"

namespace assay::agent {

struct VendorTool {
  std::string program;                 // absolute path
  std::vector<std::string> arguments;  // fixed; nothing that was read anywhere stands in it
  std::chrono::milliseconds time_limit{2000};
  Text why;  // what only this program knows
};

// Sorted by program.
[[nodiscard]] std::span<const VendorTool> vendor_tools();

inline constexpr std::size_t kMaxToolOutputBytes = 256U << 10U;

// Starts it with an empty environment, in "/", without input; kNotFound when it is not there,
// kRefused when others than root could have changed it, or a folder or link that leads to it,
// kTimedOut, kTooLarge, kIo when it fails.
[[nodiscard]] Result<std::string> run_vendor_tool(const VendorTool& tool);

}  // namespace assay::agent
