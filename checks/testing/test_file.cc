#include "checks/testing/test_file.h"

#include "checks/yaml/strict_yaml.h"
#include "evidence/schema.h"
#include "evidence/timestamp.h"

namespace assay::checks::testing {

namespace {

using nlohmann::ordered_json;

constexpr std::size_t kMaxFileBytes = 4U << 20U;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r";
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// The first word of `line`; what follows it remains in `line`.
std::string_view take_word(std::string_view* line) {
  const auto end = std::min(line->find_first_of(" \t"), line->size());
  const auto word = line->substr(0, end);
  *line = trimmed(line->substr(end));
  return word;
}

class Parser {
 public:
  explicit Parser(std::string_view file) : file_(file) {}

  void line(std::string_view text, int number);
  void end_case();
  Result<std::vector<Case>> finish() &&;

 private:
  void statement(std::string_view text);
  void comment(std::string_view text);
  void row(std::string_view text);
  void expect(std::string_view state);
  void table(std::string_view name, std::optional<std::string> unavailable);
  void complain(std::string_view what) {
    problems_ +=
        std::string(file_) + ':' + std::to_string(number_) + ": " + std::string(what) + '\n';
  }

  std::string_view file_;
  int number_ = 0;
  Case case_;
  // Where a row belongs that comes next. Points into case_.
  std::vector<GivenRow>* rows_ = nullptr;
  std::vector<Case> cases_;
  std::string problems_;
};

void Parser::comment(std::string_view text) {
  if (case_.name.empty()) case_.name = trimmed(text);
}

void Parser::row(std::string_view text) {
  if (rows_ == nullptr) return complain("a row belongs below `table`, `expect` or `facts`");
  auto cells = ordered_json::parse(text, nullptr, false);
  if (!cells.is_object()) return complain("not a row: {\"column\":value, …} in one line");
  for (const auto& [name, value] : cells.items())
    if (!value.is_number_integer() && !value.is_string() && !value.is_null())
      return complain(name + ": a value is an integer, a text or null");
  rows_->push_back({number_, std::move(cells)});
}

void Parser::table(std::string_view name, std::optional<std::string> unavailable) {
  const auto* spec = evidence::find_table(name);
  if (spec == nullptr) {
    std::vector<std::string> names;
    for (const auto* known : evidence::all_tables()) names.push_back(known->name);
    const auto likely = yaml::nearest(name, names);
    complain("no table has the name " + std::string(name) +
             (likely ? "; did you mean " + *likely + "?" : ""));
  }
  for (const auto& other : case_.tables)
    if (other.name == name) complain("the table " + std::string(name) + " is given twice");
  case_.tables.push_back({number_, std::string(name), {}, std::move(unavailable)});
  rows_ = case_.tables.back().unavailable ? nullptr : &case_.tables.back().rows;
}

void Parser::expect(std::string_view name) {
  const auto state = state_from(name);
  if (!state) complain("expect " + std::string(name) + ": no such result");
  if (case_.expect_line != 0) complain("a case expects one result");
  case_.expect_line = number_;
  case_.expected = state.value_or(State::kUnknown);
  rows_ = &case_.rows;
}

void Parser::statement(std::string_view text) {
  if (case_.line == 0) case_.line = number_;
  const auto word = take_word(&text);
  const auto only = [&](std::string* where) {
    *where = text;
    if (text.empty() || text.find(' ') != std::string_view::npos)
      complain(std::string(word) + ": one word is expected");
  };
  if (word == "check") {
    only(&case_.check);
  } else if (word == "profile") {
    only(&case_.profile);
    if (text != "server" && text != "pc") complain("a profile is server or pc");
  } else if (word == "framework") {
    only(&case_.framework);
  } else if (word == "today") {
    only(&case_.today);
    if (!evidence::from_date(text)) complain("not a day: " + std::string(text));
  } else if (word == "table") {
    table(text, std::nullopt);
  } else if (word == "unavailable") {
    const auto name = take_word(&text);
    if (text.empty()) complain("unavailable: the reason is missing");
    table(name, std::string(text));
  } else if (word == "expect") {
    expect(text);
  } else if (word == "facts") {
    rows_ = &case_.facts;
  } else if (word == "reason") {
    if (take_word(&text) != "contains" || text.empty()) complain("reason contains <text>");
    case_.reasons.emplace_back(text);
  } else {
    static const std::vector<std::string> kWords = {"check",  "profile", "framework",
                                                    "today",  "table",   "unavailable",
                                                    "expect", "facts",   "reason"};
    const auto likely = yaml::nearest(word, kWords);
    complain("unknown word " + std::string(word) +
             (likely ? "; did you mean " + *likely + "?" : ""));
  }
}

void Parser::line(std::string_view text, int number) {
  number_ = number;
  text = trimmed(text);
  if (text.empty()) return;
  if (text == "---") return end_case();
  if (text.front() == '#') return comment(text.substr(1));
  if (text.front() == '{') return row(text);
  statement(text);
}

void Parser::end_case() {
  // A file may begin with `---` or end with it, or have a comment alone at its top.
  if (case_.line != 0) {
    if (case_.check.empty()) complain("the case names no check");
    if (case_.expect_line == 0) complain("the case expects nothing");
    case_.file = file_;
    cases_.push_back(std::move(case_));
  }
  case_ = {};
  rows_ = nullptr;
}

Result<std::vector<Case>> Parser::finish() && {
  end_case();
  if (problems_.empty() && cases_.empty()) complain("no case");
  if (problems_.empty()) return std::move(cases_);
  problems_.pop_back();
  return fail(Code::kInvalidData, std::move(problems_));
}

}  // namespace

Result<std::vector<Case>> parse_test_file(std::string_view text, std::string_view file) {
  if (text.size() > kMaxFileBytes)
    return fail(Code::kTooLarge, std::string(file) + ": larger than 4 MiB");
  Parser parser(file);
  int number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    parser.line(text.substr(at, end - at), ++number);
    at = end + 1;
  }
  return std::move(parser).finish();
}

}  // namespace assay::checks::testing
