// assay check run: judges a bundle anew, offline, with any content and for any day.
#include <CLI/CLI.hpp>

#include "checks/testing/bundle_tables.h"
#include "checks/yaml/strict_yaml.h"
#include "cli/client/read_file.h"
#include "cli/commands/check_content.h"
#include "cli/commands/command.h"
#include "cli/terminal/words.h"
#include "evidence/limits.h"
#include "evidence/refusal.h"
#include "evidence/timestamp.h"

namespace assay::cli {

namespace {

struct RunOptions {
  std::string bundle;
  std::vector<std::string> checks;   // ids; empty: all
  std::vector<std::string> content;  // folders
  std::string profile;               // the manifest's unless said
  std::string today;                 // the day of the scan unless said
  std::string fail_on;
};

Json row_json(const checks::ResultRow& row) {
  Json out = Json::object();
  for (const auto& [name, value] : row.cells) {
    if (const auto* number = std::get_if<std::int64_t>(&value))
      out[name] = *number;
    else if (const auto* text = std::get_if<std::string>(&value))
      out[name] = *text;
    else
      out[name] = nullptr;
  }
  return out;
}

Json rows_json(const std::vector<checks::ResultRow>& rows) {
  Json out = Json::array();
  for (const auto& row : rows) out.push_back(row_json(row));
  return out;
}

Json verdict_json(const checks::Verdict& verdict) {
  Json parameters = Json::object();
  for (const auto& [name, value] : verdict.parameters())
    parameters[name] = row_json({{{name, value}}})[name];
  return {{"check", verdict.check().id},
          {"severity", checks::name_of(verdict.check().severity)},
          {"state", checks::name_of(verdict.result->state)},
          {"frameworks", verdict.frameworks()},
          {"parameters", std::move(parameters)},
          {"reason", verdict.result->reason},
          {"row_count", verdict.result->row_count},
          {"rows", rows_json(verdict.result->rows)},
          {"facts", rows_json(verdict.result->facts)}};
}

Answer view(const std::vector<checks::Verdict>& verdicts, Language language) {
  Answer answer;
  answer.json = Json::array();
  answer.grid.headings = {{"check", {"Check", "檢查"}},
                          {"state", {"State", "結果"}},
                          {"frameworks", {"Frameworks", "規範"}},
                          {"rows", {"Rows", "筆數"}, true},
                          {"reason", {"Reason", "原因"}}};
  for (const auto& verdict : verdicts) {
    answer.json.push_back(verdict_json(verdict));
    std::string frameworks;
    for (const auto& id : verdict.frameworks()) frameworks += (frameworks.empty() ? "" : ", ") + id;
    const auto state = verdict.result->state;
    answer.grid.rows.push_back(
        {cell(verdict.check().id),
         cell(word_for(state).in(language), std::string(checks::name_of(state)), colour_of(state)),
         cell(frameworks), cell(std::to_string(verdict.result->row_count)),
         cell(verdict.result->reason)});
  }
  return answer;
}

// Only what was asked for; kUsage for an id that there is not.
Status keep(const std::vector<std::string>& ids, checks::Content* content) {
  if (ids.empty()) return {};
  std::vector<std::string> known;
  for (const auto& check : content->checks) known.push_back(check.id);
  for (const auto& id : ids)
    if (content->check(id) == nullptr)
      return refuse(Code::kUsage, {"there is no check {}{}", "沒有檢查 {}{}"}, id,
                    checks::yaml::suggested(id, known));
  std::erase_if(content->checks, [&](const checks::Check& check) {
    return std::ranges::find(ids, check.id) == ids.end();
  });
  return {};
}

int code_for(const std::vector<checks::Verdict>& verdicts, std::string_view fail_on) {
  const auto threshold = checks::severity_from(fail_on);
  const bool fails = threshold && std::ranges::any_of(verdicts, [&](const auto& verdict) {
                       return verdict.result->state == checks::State::kFail &&
                              verdict.check().severity >= *threshold;
                     });
  return fails ? kFindings : kDone;
}

int run_checks(const Session& session, const RunOptions& options) {
  if (!options.fail_on.empty() && !checks::severity_from(options.fail_on))
    return session.report(
        Error(Code::kUsage, phrase({"--fail-on takes info, low, medium, high or critical",
                                    "--fail-on：只能是 info、low、medium、high 或 critical"})));
  auto content = content_or_shipped(options.content);
  if (!content) return session.report(content.error());
  if (const auto kept = keep(options.checks, &*content); !kept) return session.report(kept.error());
  const auto bytes = read_file(options.bundle, evidence::kMaxBundleBytes);
  if (!bytes) return session.report(bytes.error());
  const auto bundle = evidence::bundle_from_bytes(*bytes);
  if (!bundle) return session.report(bundle.error().within(options.bundle));
  const auto tables = checks::testing::BundleTables::newest(*bundle);
  if (!tables) return session.report(tables.error().within(options.bundle));
  const auto& manifest = tables->manifest();
  const auto outcome = checks::evaluate(
      {&*content, &*tables, options.profile.empty() ? manifest.profile : options.profile,
       options.today.empty() ? manifest.ended.substr(0, 10) : options.today});
  if (!outcome) return session.report(outcome.error());
  return session.deliver(view(outcome->verdicts, session.language),
                         code_for(outcome->verdicts, options.fail_on));
}

}  // namespace

void add_check_run_command(CLI::App& group, Session& session) {
  const auto options = std::make_shared<RunOptions>();
  auto* command =
      add_command(group, session, "run",
                  {"Judge the evidence of a bundle again, offline", "離線重新判定證據檔案"},
                  [&session, options] { return run_checks(session, *options); });
  command
      ->add_option("--bundle", options->bundle,
                   session.say({"the evidence: assay evidence export, assay-agent bundle",
                                "證據檔案：由 assay evidence export 或 assay-agent bundle 產生"}))
      ->required();
  command->add_option("check", options->checks,
                      session.say({"ids of checks; all unless said", "檢查編號；預設為全部"}));
  command
      ->add_option("--content", options->content,
                   session.say({"folders with the rules; else what is shipped",
                                "規則所在的資料夾；預設為隨附內容"}))
      ->expected(1)
      ->take_all();
  command
      ->add_option(
          "--profile", options->profile,
          session.say({"server or pc; else that of the scan", "server 或 pc；預設為掃描時的類型"}))
      ->check(CLI::IsMember({"server", "pc"}));
  command->add_option("--today", options->today,
                      session.say({"the day to judge for, YYYY-MM-DD; else that of the scan",
                                   "判定所依據的日期（YYYY-MM-DD）；預設為掃描當日"}));
  command->add_option("--fail-on", options->fail_on,
                      session.say({"exit with 2 for a finding of at least this severity",
                                   "有達到此嚴重程度的發現事項時，結束碼為 2"}));
}

}  // namespace assay::cli
