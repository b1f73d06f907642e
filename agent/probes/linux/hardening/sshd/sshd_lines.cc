#include "agent/probes/linux/hardening/sshd/sshd_lines.h"

#include <optional>

#include "agent/probes/linux/text/lines.h"
#include "agent/probes/linux/text/small_letters.h"

namespace assay::agent {
namespace {

constexpr std::string_view kBlank = " \t\r\n\f";

bool is_quote(char c) {
  return c == '"' || c == '\'';
}

// Takes blanks and at most one "=" between a keyword and its argument.
std::string_view behind_delimiter(std::string_view rest) {
  const auto skip_blanks = [&] {
    rest.remove_prefix(std::min(rest.find_first_not_of(kBlank), rest.size()));
  };
  skip_blanks();
  if (rest.starts_with('=')) {
    rest.remove_prefix(1);
    skip_blanks();
  }
  return rest;
}

// Takes the next argument off `rest`. Nothing when a quotation mark is not closed.
std::optional<std::string> take_argument(std::string_view& rest) {
  std::string argument;
  char quote = '\0';
  std::size_t i = 0;
  for (; i < rest.size(); ++i) {
    const char c = rest[i];
    const char next = i + 1 < rest.size() ? rest[i + 1] : '\0';
    if (c == '\\' && (is_quote(next) || next == '\\' || (quote == '\0' && next == ' '))) {
      argument += next;
      ++i;
    } else if (quote == '\0' && (c == ' ' || c == '\t')) {
      break;
    } else if (quote == '\0' && is_quote(c)) {
      quote = c;
    } else if (quote != '\0' && c == quote) {
      quote = '\0';
    } else {
      argument += c;
    }
  }
  if (quote != '\0') return std::nullopt;
  rest.remove_prefix(i);
  return argument;
}

struct Keyword {
  std::string_view name;
  std::string_view rest;
};

Keyword take_keyword(std::string_view line) {
  if (line.starts_with('"')) {
    const auto end = line.find('"', 1);
    if (end == std::string_view::npos) return {{}, {}};
    return {line.substr(1, end - 1), behind_delimiter(line.substr(end + 1))};
  }
  const auto end = std::min(line.find_first_of(" \t\r\n\f="), line.size());
  return {line.substr(0, end), behind_delimiter(line.substr(end))};
}

std::unexpected<Error> refused(std::int64_t line, std::string_view why) {
  return fail(Code::kInvalidData,
              "line " + std::to_string(line) + ": " + std::string(why) + ": sshd refuses the file");
}

}  // namespace

Result<std::vector<SshdLine>> parse_sshd_lines(std::string_view text) {
  std::vector<SshdLine> parsed;
  Lines lines(text);
  while (const auto line = lines.next()) {
    const auto content = trimmed(*line);
    if (content.find('\0') != std::string_view::npos) return refused(lines.number(), "a zero byte");
    if (content.empty() || content.starts_with('#')) continue;
    auto [name, rest] = take_keyword(content);
    if (name.empty()) return refused(lines.number(), "no keyword");
    if (rest.empty()) return refused(lines.number(), "a keyword without an argument");
    SshdLine one{.number = lines.number(), .keyword = in_small_letters(name), .arguments = {}};
    for (;;) {
      rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
      if (rest.empty() || rest.starts_with('#')) break;
      auto argument = take_argument(rest);
      if (!argument) return refused(lines.number(), "a quotation mark that is not closed");
      if (one.arguments.size() == kMaxSshdArguments)
        return refused(lines.number(), "more arguments than there can be");
      one.arguments.push_back(*std::move(argument));
    }
    if (one.arguments.empty()) return refused(lines.number(), "a keyword without an argument");
    parsed.push_back(std::move(one));
  }
  return parsed;
}

}  // namespace assay::agent
