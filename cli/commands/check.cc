// assay check lint, test, run: for those who write rules.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>

#include "checks/testing/coverage.h"
#include "checks/testing/run.h"
#include "cli/commands/check_content.h"
#include "cli/commands/command.h"
#include "evidence/refusal.h"

namespace assay::cli {

namespace fs = std::filesystem;

Result<checks::Content> content_of(const std::vector<std::string>& folders) {
  std::error_code error;
  bool stands_alone = false;
  for (const auto& folder : folders) {
    if (!fs::exists(folder, error))
      return refuse(Code::kNotFound, {"{}: is not there", "{}：不存在"}, folder);
    stands_alone = stands_alone || fs::exists(fs::path(folder) / "controls", error);
  }
  return stands_alone ? checks::compile_content(folders) : checks::load_content(folders);
}

Result<checks::Content> content_or_shipped(const std::vector<std::string>& folders) {
  return folders.empty() ? checks::load_content({std::string(checks::kOwnContentFolder)})
                         : content_of(folders);
}

namespace {

int run_lint(const Session& session, std::vector<std::string> folders) {
  if (folders.empty()) folders = {"/etc/assay/content.d"};
  const auto content = content_of(folders);
  if (!content) return session.report(content.error());
  const auto count = [](const auto& list) { return static_cast<std::int64_t>(list.size()); };
  Answer answer;
  answer.json = {{"checks", count(content->checks)},
                 {"frameworks", count(content->frameworks)},
                 {"parameters", count(content->parameters)},
                 {"references", count(content->references)},
                 {"digest", content->digest.hex()}};
  answer.grid.headings = {{"checks", {"Checks", "檢查"}, true},
                          {"frameworks", {"Frameworks", "規範"}, true},
                          {"parameters", {"Parameters", "參數"}, true},
                          {"references", {"Reference tables", "參考資料表"}, true}};
  auto& row = answer.grid.rows.emplace_back();
  for (const auto& heading : answer.grid.headings)
    row.push_back(cell(answer.json[heading.name].dump()));
  answer.text = [grid = answer.grid](const Screen& screen) {
    return to_table(grid, screen) + Text{"No problem found.", "未發現問題。"}.in(screen.language) +
           '\n';
  };
  return session.deliver(answer);
}

using checks::testing::Lack;

// Whose tests are to be complete: every check that stands in the folders, or of all content.
std::vector<const checks::Check*> checks_of(const checks::Content& content,
                                            const std::vector<std::string>& folders) {
  std::vector<const checks::Check*> out;
  for (const auto& check : content.checks)
    if (folders.empty() || std::ranges::any_of(folders, [&check](const std::string& folder) {
          return check.origin.starts_with(folder);
        }))
      out.push_back(&check);
  return out;
}

Answer test_view(const checks::testing::Summary& summary, const std::vector<Lack>& lacks) {
  Answer answer;
  Json failures = Json::array();
  answer.grid.headings = {
      {"file", {"File", "檔案"}}, {"line", {"Line", "行"}, true}, {"what", {"What", "內容"}}};
  for (const auto& failure : summary.failures) {
    failures.push_back({{"file", failure.file}, {"line", failure.line}, {"what", failure.what}});
    answer.grid.rows.push_back(
        {cell(failure.file), cell(std::to_string(failure.line)), cell(failure.what)});
  }
  Json lacking = Json::array();
  for (const auto& lack : lacks) {
    lacking.push_back({{"check", lack.check},
                       {"state", lack.state.empty() ? Json(nullptr) : Json(lack.state)},
                       {"figure", lack.figure.empty() ? Json(nullptr) : Json(lack.figure)}});
    answer.grid.rows.push_back({cell(""), cell(""), cell(lack.words().en)});
  }
  answer.json = {{"passed", summary.passed},
                 {"failed", summary.failed},
                 {"tested", summary.tested},
                 {"failures", std::move(failures)},
                 {"lacking", std::move(lacking)}};
  answer.text = [passed = summary.passed, failed = summary.failed, failures = summary.failures,
                 lacks](const Screen& screen) {
    std::string out;
    for (const auto& failure : failures) out += failure.to_text() + '\n';
    for (const auto& lack : lacks) out += lack.words().in(screen.language) + '\n';
    const auto count = [](std::int64_t number) { return std::to_string(number); };
    return out +
           Text{count(passed) + " passed, " + count(failed) + " failed",
                count(passed) + " 通過，" + count(failed) + " 失敗"}
               .in(screen.language) +
           '\n';
  };
  return answer;
}

struct TestWish {
  std::vector<std::string> paths;
  std::vector<std::string> content_folders;
  bool is_complete = false;  // each rule has every case that it needs
};

int run_test(const Session& session, TestWish wish) {
  auto& paths = wish.paths;
  const auto& content_folders = wish.content_folders;
  if (paths.empty()) paths = {"tests/rules"};
  const auto content = content_or_shipped(content_folders);
  if (!content) return session.report(content.error());
  const auto summary = checks::testing::run_all(paths, *content);
  if (!summary) return session.report(summary.error());
  std::vector<Lack> lacks;
  if (wish.is_complete)
    lacks =
        checks::testing::lacking(checks_of(*content, content_folders), summary->cases, *content);
  return session.deliver(test_view(*summary, lacks),
                         summary->failed == 0 && lacks.empty() ? kDone : kToolError);
}

}  // namespace

void add_check_commands(CLI::App& app, Session& session) {
  auto* group =
      add_command(app, session, "check", {"For those who write rules", "供撰寫規則者使用"}, {});
  group->require_subcommand(1);

  const auto folders = std::make_shared<std::vector<std::string>>();
  auto* lint =
      add_command(*group, session, "lint",
                  {"Check rules, catalogues and reference tables", "檢查規則、規範與參考資料"},
                  [&session, folders] { return run_lint(session, *folders); });
  lint->add_option(
      "folder", *folders,
      session.say({"/etc/assay/content.d unless said", "預設為 /etc/assay/content.d"}));

  const auto wish = std::make_shared<TestWish>();
  auto* test =
      add_command(*group, session, "test", {"Run the text tests of rules", "執行規則的文字測試"},
                  [&session, wish] { return run_test(session, *wish); });
  test->add_option("folder", wish->paths,
                   session.say({"folders or *.test files; tests/rules unless said",
                                "資料夾或 *.test 檔案；預設為 tests/rules"}));
  test->add_option("--content", wish->content_folders,
                   session.say({"folders with the rules; else what is shipped",
                                "規則所在的資料夾；預設為隨附內容"}))
      ->expected(1)
      ->take_all();
  test->add_flag("--complete", wish->is_complete,
                 session.say({"fail where a rule lacks a case: passing, failing, unknown, not "
                              "applicable, at the boundary of a figure",
                              "規則缺少案例時視為失敗：符合、不符合、無法判定、不適用、數值邊界"}));
  add_check_run_command(*group, session);
}

}  // namespace assay::cli
