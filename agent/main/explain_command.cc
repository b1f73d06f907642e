#include <fmt/format.h>

#include "agent/main/command.h"
#include "agent/main/judge.h"
#include "agent/main/settings.h"
#include "agent/main/text_report.h"

namespace assay::agent {

int run_explain_command(const CommonOptions& common, const ExplainArguments& arguments) {
  const auto settings = settings_in_force(common, arguments.profile);
  if (!settings) return report(common, settings.error());
  Judged judged;
  if (auto done = judge(
          *settings,
          {.root = arguments.root, .uses_network = arguments.uses_network, .only = arguments.check},
          &judged);
      !done)
    return report(common, done.error());
  cli::Answer what;
  const auto all = to_json(judged.report);
  what.json = all.at("checks").empty() ? nlohmann::ordered_json(nullptr) : all.at("checks").at(0);
  if (!what.json.is_null()) {
    const auto& check = judged.content.checks.front();
    what.json["rationale"] = {{"en", check.rationale.en}, {"zh-TW", check.rationale.zh_tw}};
    what.json["remedy"] = {{"en", check.remedy.en}, {"zh-TW", check.remedy.zh_tw}};
    what.json["query"] = check.query;
    for (const auto& name : check.derived)
      what.json["derived"][name] = judged.content.derived.at(name).query;
  }
  what.grid = checks_grid(judged.report, common.chosen_language());
  what.text = [&](const cli::Screen& screen) { return explain(judged.report, screen); };
  return answer(common, what, kDone);
}

}  // namespace assay::agent
