#include <malloc.h>

#include "agent/main/command.h"
#include "agent/main/judge.h"
#include "agent/main/settings.h"
#include "agent/main/text_report.h"

namespace assay::agent {

namespace {

// The exit code that the verdicts ask for.
int code_for(const Report& report, const ScanArguments& arguments) {
  const auto threshold = checks::severity_from(arguments.fail_on);
  bool is_incomplete = false;
  for (const auto& verdict : report.verdicts) {
    if (verdict.result->state == checks::State::kFail && threshold &&
        verdict.check().severity >= *threshold)
      return kFindings;
    is_incomplete = is_incomplete || verdict.result->state == checks::State::kUnknown;
  }
  return is_incomplete && arguments.fail_on_unknown ? kIncomplete : kDone;
}

JudgeOptions::Daily daily_tables(const ScanArguments& arguments) {
  if (arguments.is_quick) return JudgeOptions::Daily::kNone;
  return arguments.is_whole ? JudgeOptions::Daily::kAll : JudgeOptions::Daily::kNeeded;
}

// This process ends with the scan: what it frees it keeps for itself until then. To give pages back
// and have them cleared again costs a tenth of a quick scan.
void keep_freed_memory() {
  (void)::mallopt(M_MMAP_THRESHOLD, 32 << 20);  // both best effort
  (void)::mallopt(M_TRIM_THRESHOLD, 256 << 20);
}

}  // namespace

int run_scan_command(const CommonOptions& common, const ScanArguments& arguments) {
  keep_freed_memory();
  if (!arguments.fail_on.empty() && !checks::severity_from(arguments.fail_on))
    return report(common,
                  Error(Code::kUsage, "--fail-on takes info, low, medium, high or critical"));
  const auto settings = settings_in_force(common, arguments.profile);
  if (!settings) return report(common, settings.error());
  // Not taken apart at the end: that would be some thirtieth of a quick scan, for nobody.
  static auto* const kept = new Judged;
  auto& judged = *kept;
  if (auto done = judge(*settings,
                        {.root = arguments.root,
                         .daily = daily_tables(arguments),
                         .uses_network = arguments.uses_network},
                        &judged);
      !done)
    return report(common, done.error());
  static auto* const kept_answer = new cli::Answer;
  auto& what = *kept_answer;
  if (asks_for(common, {cli::Format::kJson, cli::Format::kNdjson}))
    what.json = to_json(judged.report);
  if (asks_for(common, {cli::Format::kCsv}))
    what.grid = checks_grid(judged.report, common.chosen_language());
  what.text = [&](const cli::Screen& screen) { return to_text(judged.report, screen); };
  return answer(common, what, code_for(judged.report, arguments));
}

}  // namespace assay::agent
