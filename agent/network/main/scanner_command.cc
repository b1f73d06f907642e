#include "agent/network/main/scanner_command.h"

#include <signal.h>
#include <sys/prctl.h>

#include <cstdio>

#include "agent/rights/leave_root.h"

namespace assay::agent {

namespace {
// A signal handler reaches nothing else.
std::atomic<bool> stop_flag = false;  // NOLINT
}  // namespace

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

const std::atomic<bool>& stop_asked() {
  return stop_flag;
}

void stop_on_signals() {
  struct sigaction action{};
  action.sa_handler = [](int) { stop_flag = true; };
  for (const int number : {SIGINT, SIGTERM}) (void)::sigaction(number, &action, nullptr);
  (void)::prctl(PR_SET_PDEATHSIG, SIGTERM, 0, 0, 0);  // fails for other signals only
}

}  // namespace assay::agent
