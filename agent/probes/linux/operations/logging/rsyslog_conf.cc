#include "agent/probes/linux/operations/logging/rsyslog_conf.h"

#include "agent/probes/linux/text/letters.h"
#include "agent/probes/linux/text/lines.h"
#include "agent/probes/linux/text/small_letters.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxParameters = 200;

constexpr bool is_name_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<std::vector<RsyslogStatement>> parse();

 private:
  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] char look(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void advance() {
    if (text_[at_] == '\n') ++line_;
    ++at_;
  }
  void skip_blanks() {
    while (!at_end() && (look() == ' ' || look() == '\t')) ++at_;
  }
  Status skip_space();
  Status skip_comment();
  Status skip_quoted();
  Status skip_condition();
  std::string rest_of_line();
  std::string_view word() const;
  bool begins_object() const;

  Status statement();
  Status keyword(std::string_view name);
  Status object(std::string selector);
  Status parameter(RsyslogStatement& statement);
  Result<std::string> value();
  Result<std::string> quoted();
  Status action(std::string selector);
  Status property_filter();
  Status selector_line();
  Status add(RsyslogStatement statement);

  std::unexpected<Error> broken(std::int64_t line, std::string_view what) const {
    return fail(Code::kInvalidData, "line " + std::to_string(line) + ": " + std::string(what));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::int64_t line_ = 1;
  std::vector<RsyslogStatement> statements_;
};

Status Parser::add(RsyslogStatement statement) {
  if (statements_.size() == kMaxRsyslogStatements)
    return fail(Code::kTooLarge,
                "more than " + std::to_string(kMaxRsyslogStatements) + " statements");
  statements_.push_back(std::move(statement));
  return {};
}

Status Parser::skip_comment() {
  const auto start = line_;
  const auto end = text_.find("*/", at_ + 2);
  if (end == std::string_view::npos) return broken(start, "a comment that does not end");
  while (at_ < end + 2) advance();
  return {};
}

// Blanks, line ends and comments.
Status Parser::skip_space() {
  while (!at_end()) {
    const char c = look();
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f') {
      advance();
    } else if (c == '#') {
      while (!at_end() && look() != '\n') ++at_;
    } else if (c == '/' && look(1) == '*') {
      if (auto done = skip_comment(); !done) return done;
    } else {
      return {};
    }
  }
  return {};
}

Status Parser::skip_quoted() {
  auto text = quoted();
  if (!text) return fail(std::move(text.error()));
  return {};
}

// To the line's end, without it; a backslash at the end joins the next line.
std::string Parser::rest_of_line() {
  std::string line;
  while (!at_end() && look() != '\n') {
    if (look() == '\\' && look(1) == '\n') {
      at_ += 2;
      ++line_;
      continue;
    }
    line += look();
    ++at_;
  }
  return std::string(trimmed(line));
}

std::string_view Parser::word() const {
  auto end = at_;
  while (end < text_.size() && is_name_char(text_[end])) ++end;
  return text_.substr(at_, end - at_);
}

// A name and an opening bracket.
bool Parser::begins_object() const {
  const auto name = word();
  if (name.empty()) return false;
  const auto bracket = text_.find_first_not_of(" \t\r\n", at_ + name.size());
  return bracket != std::string_view::npos && text_[bracket] == '(';
}

Result<std::string> Parser::quoted() {
  const auto start = line_;
  const char quote = look();
  std::string out;
  for (advance(); !at_end() && look() != quote; advance()) {
    if (look() == '\\' && at_ + 1 < text_.size()) advance();
    out += look();
  }
  if (at_end()) return broken(start, "a text in quotes that does not end");
  advance();
  return out;
}

Result<std::string> Parser::value() {
  if (look() == '"' || look() == '\'' || look() == '`') return quoted();
  if (look() != '[') {
    std::string bare;
    for (; !at_end() && look() != ')' && look() != ' ' && look() != '\t' && look() != '\n' &&
           look() != '\r';
         ++at_)
      bare += look();
    return bare;
  }
  const auto start = line_;
  std::string first;
  bool has_first = false;
  advance();
  for (;;) {
    if (auto done = skip_space(); !done) return fail(std::move(done.error()));
    if (at_end()) return broken(start, "a list that does not end");
    if (look() == ']') break;
    if (look() == '"' || look() == '\'') {
      auto element = quoted();
      if (!element) return element;
      if (!has_first) first = *std::move(element);
      has_first = true;
    } else {
      advance();
    }
  }
  advance();
  return first;
}

Status Parser::parameter(RsyslogStatement& statement) {
  RsyslogParameter parameter;
  while (!at_end() && (is_name_char(look()) || look() == '.' || look() == '$' || look() == '!' ||
                       look() == '-')) {
    parameter.name += lower_letter(look());
    ++at_;
  }
  if (parameter.name.empty()) {
    advance();  // a comma, or what is none of ours
    return {};
  }
  if (auto done = skip_space(); !done) return done;
  if (look() != '=') return {};
  advance();
  if (auto done = skip_space(); !done) return done;
  auto text = value();
  if (!text) return fail(std::move(text.error()));
  parameter.value = *std::move(text);
  if (statement.parameters.size() == kMaxParameters) return broken(line_, "too many parameters");
  statement.parameters.push_back(std::move(parameter));
  return {};
}

Status Parser::object(std::string selector) {
  RsyslogStatement statement{.kind = RsyslogStatement::Kind::kObject,
                             .name = in_small_letters(word()),
                             .selector = std::move(selector),
                             .line = line_};
  at_ += word().size();
  while (look() != '(') advance();
  advance();
  for (;;) {
    if (auto done = skip_space(); !done) return done;
    if (at_end()) return broken(statement.line, statement.name + "( does not end");
    if (look() == ')') break;
    if (look() == '"' || look() == '\'') {
      if (auto done = skip_quoted(); !done) return done;
    } else if (auto done = parameter(statement); !done) {
      return done;
    }
  }
  advance();
  return add(std::move(statement));
}

// From "if" to behind "then".
Status Parser::skip_condition() {
  const auto start = line_;
  while (!at_end()) {
    const auto here = word();
    if (here == "then") {
      at_ += here.size();
      return {};
    }
    if (!here.empty()) {
      at_ += here.size();
    } else if (look() == '"' || look() == '\'') {
      if (auto done = skip_quoted(); !done) return done;
    } else if (look() == '#' || (look() == '/' && look(1) == '*')) {
      if (auto done = skip_space(); !done) return done;
    } else {
      advance();
    }
  }
  return broken(start, "an if without then");
}

// True names are "keyword" statements of RainerScript; anything else that begins with a letter is a
// selector.
Status Parser::keyword(std::string_view name) {
  if (name == "if") return skip_condition();
  if (name == "else" || name == "do") {
    at_ += name.size();
    return {};
  }
  if (name == "foreach") {  // foreach ($.x in $!y) do …
    while (!at_end() && look() != ')') advance();
    if (!at_end()) advance();
    return {};
  }
  if (name == "set" || name == "unset" || name == "reset") {
    const auto start = line_;
    while (!at_end() && look() != ';') {
      if (look() == '"' || look() == '\'') {
        if (auto done = skip_quoted(); !done) return done;
      } else {
        advance();
      }
    }
    if (at_end()) return broken(start, "a set without its end");
    advance();
    return {};
  }
  (void)rest_of_line();  // stop, continue, call NAME: nothing is written
  return {};
}

// ":property, operation, "value" action"
Status Parser::property_filter() {
  const auto line_end = std::min(text_.find('\n', at_), text_.size());
  const auto quote = text_.find('"', at_);
  if (quote == std::string_view::npos || quote > line_end) {
    (void)rest_of_line();  // no filter that could work
    return {};
  }
  std::string selector(trimmed(text_.substr(at_, quote - at_)));
  at_ = quote;
  if (auto done = skip_quoted(); !done) return done;
  skip_blanks();
  return action(std::move(selector));
}

Status Parser::selector_line() {
  const auto start = at_;
  while (!at_end() && look() != ' ' && look() != '\t' && look() != '\n') ++at_;
  std::string selector(text_.substr(start, at_ - start));
  skip_blanks();
  return action(std::move(selector));
}

Status Parser::action(std::string selector) {
  if (begins_object()) return object(std::move(selector));
  if (look() == '{') return {};
  const auto line = line_;
  auto text = rest_of_line();
  if (text.empty() || text == "stop" || text == "~") return {};
  return add({.kind = RsyslogStatement::Kind::kAction,
              .selector = std::move(selector),
              .text = std::move(text),
              .line = line});
}

Status Parser::statement() {
  constexpr std::array<std::string_view, 12> kKeywords = {
      "if",    "else", "do",   "foreach",  "set",           "unset",
      "reset", "stop", "call", "continue", "call_indirect", "break"};
  const char c = look();
  if (c == '{' || c == '}' || c == ';') {
    advance();
    return {};
  }
  if (c == '$') {
    const auto line = line_;
    ++at_;
    std::string name = in_small_letters(word());
    at_ += name.size();
    return add({.kind = RsyslogStatement::Kind::kDirective,
                .name = std::move(name),
                .text = rest_of_line(),
                .line = line});
  }
  if (c == '&') {
    ++at_;
    skip_blanks();
    return action("&");
  }
  if (c == ':' && text_.substr(at_, 3) != ":om") return property_filter();
  if (c == '!' || c == '+') {  // blocks of one program or host
    (void)rest_of_line();
    return {};
  }
  constexpr std::string_view kActions = "/-@?|^>~:";
  if (kActions.find(c) != std::string_view::npos) return action({});
  const auto name = word();
  if (std::ranges::find(kKeywords, name) != kKeywords.end()) return keyword(name);
  if (begins_object()) return object({});
  return selector_line();
}

Result<std::vector<RsyslogStatement>> Parser::parse() {
  for (;;) {
    if (auto done = skip_space(); !done) return fail(std::move(done.error()));
    if (at_end()) return std::move(statements_);
    const auto before = at_;
    if (auto done = statement(); !done) return fail(std::move(done.error()));
    if (at_ == before) advance();
  }
}

}  // namespace

std::string_view RsyslogStatement::parameter(std::string_view name_wanted) const {
  for (const auto& parameter : parameters)
    if (parameter.name == name_wanted) return parameter.value;
  return {};
}

Result<std::vector<RsyslogStatement>> parse_rsyslog_conf(std::string_view text) {
  if (text.find('\0') != std::string_view::npos)
    return fail(Code::kInvalidData, "no text: it holds a zero byte");
  return Parser(text).parse();
}

}  // namespace assay::agent
