// The promise behind everything: what could not be looked at is never good. Every failing check on
// every fixture machine is judged again with each table that it reads taken away.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "agent/host/live_host.h"
#include "agent/scan/scan.h"
#include "checks/engine/evaluation.h"
#include "tests/unit/source_file.h"

namespace assay {
namespace {

namespace fs = std::filesystem;
using checks::State;

constexpr const char* kToday = "2026-11-21";

// A scan, as if one of its tables could not be read.
class WithoutTable final : public checks::TableSource {
 public:
  WithoutTable(const checks::TableSource& tables, std::string missing)
      : tables_(tables), missing_(std::move(missing)) {}
  Entry find(std::string_view table) const override {
    if (table == missing_) return {std::nullopt, "permission_denied: taken away by the test"};
    return tables_.find(table);
  }
  Result<evidence::Table> load(std::string_view table) const override {
    if (table == missing_) return fail(Code::kNotFound, "taken away by the test");
    return tables_.load(table);
  }

 private:
  const checks::TableSource& tables_;
  std::string missing_;
};

std::vector<checks::Verdict> judged(const checks::Content& content,
                                    const checks::TableSource& tables) {
  auto outcome = checks::evaluate({.content = &content, .tables = &tables, .today = kToday});
  EXPECT_TRUE(outcome) << outcome.error().message();
  return outcome ? std::move(outcome->verdicts) : std::vector<checks::Verdict>();
}

// Content of one check only, which keeps a judgement short.
checks::Content only(const checks::Content& content, const checks::Check& check) {
  checks::Content out;
  out.checks = {check};
  out.frameworks = content.frameworks;
  out.parameters = content.parameters;
  out.derived = content.derived;
  for (const auto& table : check.tables)
    if (const auto known = content.references.find(table); known != content.references.end())
      out.references.insert(*known);
  return out;
}

void expect_no_pass_without(const checks::Content& content, const checks::Verdict& failed,
                            const checks::TableSource& tables, const std::string& missing) {
  const auto slice = only(content, failed.check());
  for (const auto& again : judged(slice, WithoutTable(tables, missing)))
    if (again.parameters() == failed.parameters()) {
      EXPECT_NE(again.result->state, State::kPass) << failed.check().id << " without " << missing;
      EXPECT_NE(again.result->state, State::kNotApplicable)
          << failed.check().id << " without " << missing;
    }
}

class UnknownNeverPasses : public testing::TestWithParam<std::string> {};

TEST_P(UnknownNeverPasses, NoTableTakenAwayTurnsAFailIntoAPass) {
  const auto content = checks::load_content();
  ASSERT_TRUE(content) << content.error().message();
  agent::LiveHost host(source_file("tests/fixtures/hosts/" + GetParam()));
  const auto scanned = agent::scan(host, {});
  const agent::ScanSource tables(scanned);
  int failed = 0;
  for (const auto& verdict : judged(*content, tables)) {
    if (verdict.result->state != State::kFail) continue;
    ++failed;
    for (const auto& table : verdict.check().tables)
      if (tables.find(table).digest) expect_no_pass_without(*content, verdict, tables, table);
  }
  EXPECT_GT(failed, 0) << "nothing fails on this machine: it shows nothing";
}

std::vector<std::string> machines() {
  std::vector<std::string> names;
  for (const auto& folder : fs::directory_iterator(source_file("tests/fixtures/hosts")))
    if (fs::exists(folder.path() / "etc/os-release") && fs::exists(folder.path() / "etc/passwd"))
      names.push_back(folder.path().filename());
  std::ranges::sort(names);
  return names;
}

INSTANTIATE_TEST_SUITE_P(Machines, UnknownNeverPasses, testing::ValuesIn(machines()),
                         [](const auto& machine) { return machine.param; });

}  // namespace
}  // namespace assay
