#include "agent/network/main/scanner_command.h"

#include <cstdio>

#include "agent/rights/leave_root.h"

namespace assay::agent {

void warn(const std::string& problem) {
  if (!problem.empty()) (void)std::fprintf(stderr, "assay-scanner: %s\n", problem.c_str());
}

int report_problem(const Error& error) {
  warn(error.message());
  return error.code() == Code::kUsage ? kScannerUsage : kScannerToolError;
}

Status give_up_root() {
  const auto left = leave_root();
  if (!left) return fail(left.error());
  warn(*left);
  return {};
}

}  // namespace assay::agent
