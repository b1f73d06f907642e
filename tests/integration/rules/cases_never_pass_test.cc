// The same promise as unknown_never_passes_test.cc for every rule there is, also for those that no
// fixture machine fails: each failing case of the rules' own tests is judged again with each table
// that its check reads taken away, reference data included.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "checks/testing/run.h"
#include "tests/unit/source_file.h"

namespace assay::checks::testing {
namespace {

namespace fs = std::filesystem;

std::vector<Case> failing_cases(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  auto cases = parse_test_file(text, file.string());
  EXPECT_TRUE(cases) << cases.error().message();
  if (!cases) return {};
  std::erase_if(*cases, [](const Case& one) { return one.expected != State::kFail; });
  return std::move(*cases);
}

Case without(Case one, const std::string& table) {
  std::erase_if(one.tables, [&](const GivenTable& given) { return given.name == table; });
  one.tables.push_back({one.line, table, {}, "permission_denied: taken away by the test"});
  return one;
}

TEST(CasesNeverPass, NoTableTakenAwayTurnsAFailIntoAPass) {
  const auto content = load_content();
  ASSERT_TRUE(content) << content.error().message();
  std::set<std::string> shown;
  for (const auto& entry : fs::recursive_directory_iterator(source_file("tests/rules"))) {
    if (entry.path().extension() != ".test") continue;
    for (const auto& failing : failing_cases(entry.path())) {
      const auto* check = content->check(failing.check);
      ASSERT_NE(check, nullptr) << failing.check;
      const auto whole = result_of(failing, *content);
      ASSERT_NE(whole, nullptr) << failing.name;
      ASSERT_EQ(whole->state, State::kFail) << failing.name;
      shown.insert(check->id);
      for (const auto& table : check->tables) {
        if (table == "clock") continue;  // the judge's own
        const auto again = result_of(without(failing, table), *content);
        const auto where = failing.file + ": " + failing.name + ", without " + table;
        ASSERT_NE(again, nullptr) << where;
        EXPECT_NE(again->state, State::kPass) << where;
        EXPECT_NE(again->state, State::kNotApplicable) << where;
      }
    }
  }
  for (const auto& check : content->checks)
    EXPECT_TRUE(shown.contains(check.id)) << check.id << " has no case that fails";
}

}  // namespace
}  // namespace assay::checks::testing
