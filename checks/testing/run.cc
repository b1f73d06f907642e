#include "checks/testing/run.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "checks/yaml/strict_yaml.h"
#include "evidence/canonical.h"
#include "evidence/value_json.h"

namespace assay::checks::testing {

namespace {

using nlohmann::ordered_json;
namespace fs = std::filesystem;

ordered_json to_json(const ResultRow& row) {
  auto object = ordered_json::object();
  for (const auto& [name, value] : row.cells) object[name] = evidence::json_of<ordered_json>(value);
  return object;
}

std::string dump(const ordered_json& json) {
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

// The case's tables; what it does not mention is there and empty.
class GivenTables : public TableSource {
 public:
  void add(evidence::Table table) {
    const auto bytes = evidence::to_canonical(table);
    const std::string name = table.header().table;
    digests_[name] = evidence::sha256(bytes ? *bytes : name);
    tables_.emplace(name, std::move(table));
  }
  void lose(const std::string& name, const std::string& reason) { lost_[name] = reason; }

  [[nodiscard]] Entry find(std::string_view table) const override {
    if (const auto lost = lost_.find(table); lost != lost_.end()) return {{}, lost->second};
    if (const auto known = digests_.find(table); known != digests_.end())
      return {known->second, {}};
    return {evidence::sha256(std::string("empty ").append(table)), {}};
  }
  [[nodiscard]] Result<evidence::Table> load(std::string_view table) const override {
    if (const auto known = tables_.find(table); known != tables_.end()) return known->second;
    const auto* spec = evidence::find_table(table);
    if (spec == nullptr) return fail(Code::kNotFound, "no table " + std::string(table));
    return evidence::Table(*spec);
  }

 private:
  std::map<std::string, evidence::Table, std::less<>> tables_;
  std::map<std::string, evidence::Digest, std::less<>> digests_;
  std::map<std::string, std::string, std::less<>> lost_;
};

class Runner {
 public:
  Runner(const Case& one, const Content& content) : case_(one), content_(content) {}
  std::vector<Failure> run() &&;
  SharedResult result() &&;

 private:
  bool prepare();
  SharedResult judged();
  void give(const GivenTable& given);
  std::optional<evidence::Table> build(const GivenTable& given);
  void compare(const CheckResult& result);
  void compare_rows(const CheckResult& result);
  const Verdict* choose(const EvaluationOutcome& outcome);
  void complain(int line, std::string what) {
    failures_.push_back({case_.file, line, std::move(what)});
  }

  const Case& case_;
  const Content& content_;
  Content slice_;  // the one check with what it needs
  GivenTables tables_;
  std::vector<Failure> failures_;
};

std::optional<evidence::Table> Runner::build(const GivenTable& given) {
  const auto* spec = evidence::find_table(given.name);
  evidence::Table table(*spec);
  bool is_good = true;
  for (const auto& row : given.rows) {
    evidence::Row cells(spec->columns.size());
    for (const auto& [name, value] : row.cells.items()) {
      const auto column = spec->column(name);
      const bool fits =
          column && (value.is_null() ||
                     value.is_string() == (spec->columns[*column].type == evidence::Type::kText));
      if (!fits) {
        complain(row.line, !column ? given.name + " has no column " + name
                                   : given.name + "." + name + ": a value of another type");
        is_good = false;
      } else if (value.is_string()) {
        cells[*column] = value.get<std::string>();
      } else if (!value.is_null()) {
        cells[*column] = value.get<std::int64_t>();
      }
    }
    table.add_row(std::move(cells));
  }
  return is_good ? std::optional(std::move(table)) : std::nullopt;
}

void Runner::give(const GivenTable& given) {
  const auto* spec = evidence::find_table(given.name);
  if (spec->origin != evidence::Origin::kReference) {
    if (given.unavailable)
      tables_.lose(given.name, *given.unavailable);
    else if (auto table = build(given))
      tables_.add(std::move(*table));
    return;
  }
  auto table = given.unavailable ? evidence::Table(*spec) : build(given);
  if (!table) return;
  const auto bytes = evidence::to_canonical(*table);
  slice_.references.insert_or_assign(
      given.name, ReferenceTable{std::make_shared<const evidence::Table>(std::move(*table)),
                                 evidence::sha256(bytes ? *bytes : given.name), case_.file,
                                 case_.today, given.unavailable.value_or(""), 0});
}

bool Runner::prepare() {
  const auto* check = content_.check(case_.check);
  if (check == nullptr) {
    std::vector<std::string> ids;
    for (const auto& known : content_.checks) ids.push_back(known.id);
    const auto likely = yaml::nearest(case_.check, ids);
    complain(case_.line,
             "no check " + case_.check + (likely ? "; did you mean " + *likely + "?" : ""));
    return false;
  }
  if (!case_.framework.empty() && content_.framework(case_.framework) == nullptr) {
    complain(case_.line, "no framework " + case_.framework);
    return false;
  }
  slice_.checks = {*check};
  slice_.frameworks = content_.frameworks;
  slice_.parameters = content_.parameters;
  slice_.derived = content_.derived;
  for (const auto& name : check->tables)
    if (const auto known = content_.references.find(name); known != content_.references.end())
      slice_.references.insert(*known);
  for (const auto& given : case_.tables) give(given);
  return failures_.empty();
}

const Verdict* Runner::choose(const EvaluationOutcome& outcome) {
  const auto& verdicts = outcome.verdicts;
  if (verdicts.empty()) {
    complain(case_.expect_line, case_.check + " is not for the profile " + case_.profile);
    return nullptr;
  }
  if (case_.framework.empty()) {
    if (verdicts.size() == 1) return &verdicts.front();
    complain(case_.line, "frameworks judge " + case_.check +
                             " by different figures; the case must name its framework");
    return nullptr;
  }
  for (const auto& verdict : verdicts)
    if (std::ranges::find(verdict.frameworks(), case_.framework) != verdict.frameworks().end())
      return &verdict;
  complain(case_.line, case_.check + " feeds no control of " + case_.framework);
  return nullptr;
}

bool matches(const ordered_json& expected, const ordered_json& row) {
  return std::ranges::all_of(expected.items(), [&row](const auto& cell) {
    const auto found = row.find(cell.key());
    return found != row.end() && *found == cell.value();
  });
}

// Takes from `rows` what matches each expectation, the expectation with most columns first, and
// returns those expectations that nothing matched.
std::vector<const GivenRow*> unmatched(const std::vector<GivenRow>& expected,
                                       std::vector<ordered_json>* rows) {
  std::vector<const GivenRow*> order;
  for (const auto& row : expected) order.push_back(&row);
  std::ranges::stable_sort(order, std::greater<>(),
                           [](const GivenRow* row) { return row->cells.size(); });
  std::vector<const GivenRow*> missing;
  for (const auto* row : order) {
    const auto found = std::ranges::find_if(
        *rows, [row](const ordered_json& there) { return matches(row->cells, there); });
    if (found == rows->end())
      missing.push_back(row);
    else
      rows->erase(found);
  }
  return missing;
}

void Runner::compare_rows(const CheckResult& result) {
  std::vector<ordered_json> rows;
  for (const auto& row : result.rows) rows.push_back(to_json(row));
  for (const auto* row : unmatched(case_.rows, &rows)) {
    std::string what = "no such row: " + dump(row->cells);
    for (const auto& left : rows) what += "\n    there is: " + dump(left);
    complain(row->line, std::move(what));
  }
  // `expect fail` alone asks for the verdict only.
  const auto count = static_cast<std::int64_t>(case_.rows.size());
  if (!case_.rows.empty() && count != result.row_count && failures_.empty()) {
    std::string what =
        std::to_string(count) + " rows expected, but there are " + std::to_string(result.row_count);
    for (const auto& left : rows) what += "\n    not expected: " + dump(left);
    complain(case_.expect_line, std::move(what));
  }
  std::vector<ordered_json> facts;
  for (const auto& row : result.facts) facts.push_back(to_json(row));
  for (const auto* row : unmatched(case_.facts, &facts))
    complain(row->line, "no such row among the facts: " + dump(row->cells));
}

void Runner::compare(const CheckResult& result) {
  if (result.state != case_.expected) {
    std::string what = "expected " + std::string(name_of(case_.expected)) + ", but it is " +
                       std::string(name_of(result.state));
    if (!result.reason.empty()) what += " (" + result.reason + ")";
    for (const auto& row : result.rows) what += "\n    row: " + dump(to_json(row));
    complain(case_.expect_line, std::move(what));
    return;
  }
  for (const auto& part : case_.reasons)
    if (result.reason.find(part) == std::string::npos)
      complain(case_.expect_line,
               "the reason \"" + result.reason + "\" does not contain \"" + part + "\"");
  compare_rows(result);
}

SharedResult Runner::judged() {
  if (!prepare()) return nullptr;
  EvaluationInput input;
  input.content = &slice_;
  input.tables = &tables_;
  input.profile = case_.profile;
  input.today = case_.today;
  const auto outcome = evaluate(input);
  if (!outcome) {
    complain(case_.line, outcome.error().message());
    return nullptr;
  }
  const auto* verdict = choose(*outcome);
  return verdict == nullptr ? nullptr : verdict->result;
}

std::vector<Failure> Runner::run() && {
  if (const auto result = judged()) compare(*result);
  return std::move(failures_);
}

SharedResult Runner::result() && {
  return judged();
}

Result<std::vector<fs::path>> test_files(const std::string& path) {
  std::error_code error;
  if (fs::is_regular_file(path, error)) return std::vector<fs::path>{path};
  std::vector<fs::path> files;
  fs::recursive_directory_iterator at(path, error);
  if (error) return fail(system_error(error.value(), path));
  for (const auto end = fs::recursive_directory_iterator(); at != end; at.increment(error)) {
    if (error) return fail(system_error(error.value(), path));
    if (at->path().extension() == ".test" && at->is_regular_file(error))
      files.push_back(at->path());
  }
  std::ranges::sort(files);
  if (files.empty()) return fail(Code::kInvalidData, path + ": no *.test file is there");
  return files;
}

void run_file(const fs::path& path, const Content& content, Summary* summary,
              std::set<std::string>* tested) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  const auto cases = parse_test_file(text.str(), path.string());
  if (!in || !cases) {
    ++summary->failed;
    summary->failures.push_back({path.string(), 0, in ? cases.error().message() : "unreadable"});
    return;
  }
  summary->cases.insert(summary->cases.end(), cases->begin(), cases->end());
  for (const auto& one : *cases) {
    tested->insert(one.check);
    auto failures = testing::run(one, content);
    ++(failures.empty() ? summary->passed : summary->failed);
    std::ranges::move(failures, std::back_inserter(summary->failures));
  }
}

}  // namespace

std::string Failure::to_text() const {
  // Problems of the file itself bring their own places.
  return line == 0 ? what : file + ':' + std::to_string(line) + ": " + what;
}

std::vector<Failure> run(const Case& one, const Content& content) {
  return Runner(one, content).run();
}

SharedResult result_of(const Case& one, const Content& content) {
  return Runner(one, content).result();
}

Result<Summary> run_all(const std::vector<std::string>& paths, const Content& content) {
  Summary summary;
  std::set<std::string> tested;
  for (const auto& path : paths) {
    const auto files = test_files(path);
    if (!files) return fail(files.error());
    for (const auto& file : *files) run_file(file, content, &summary, &tested);
  }
  summary.tested.assign(tested.begin(), tested.end());
  return summary;
}

}  // namespace assay::checks::testing
