#include "agent/probes/linux/accounts/sudo/doas_conf.h"

#include <algorithm>
#include <array>

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::array<std::string_view, 4> kFlags = {"nopass", "persist", "keepenv", "nolog"};
constexpr std::size_t kMaxWords = 1000;

// Words apart by blanks; braces are words of their own; a comment ends the line.
std::vector<std::string> words_of(std::string_view line) {
  std::vector<std::string> words;
  bool is_quoted = false;
  bool is_open = false;
  for (std::size_t i = 0; i < line.size() && words.size() < kMaxWords; ++i) {
    const char c = line[i];
    if (c == '#' && !is_quoted && !is_open) break;
    const bool is_brace = (c == '{' || c == '}') && !is_quoted;
    if (c == '"') {
      is_quoted = !is_quoted;
      if (!is_open) words.emplace_back();
      is_open = true;
    } else if (is_brace) {
      words.emplace_back(1, c);
      is_open = false;
    } else if (!is_quoted && (c == ' ' || c == '\t' || c == '\r')) {
      is_open = false;
    } else {
      if (!is_open) words.emplace_back();
      is_open = true;
      if (c == '\\' && i + 1 < line.size()) ++i;
      words.back() += line[i];
    }
  }
  return words;
}

DoasRule rule_of(const std::vector<std::string>& words) {
  DoasRule rule;
  rule.is_permit = words[0] == "permit";
  if (!rule.is_permit && words[0] != "deny") return rule;
  std::size_t i = 1;
  for (; i < words.size(); ++i) {
    if (words[i] == "setenv") {
      rule.options.emplace_back("setenv");
      while (i < words.size() && words[i] != "}") ++i;
    } else if (std::ranges::find(kFlags, words[i]) != kFlags.end()) {
      rule.options.push_back(words[i]);
    } else {
      break;
    }
  }
  if (i >= words.size()) return rule;
  const auto who = words[i++];
  if (i + 1 < words.size() && words[i] == "as") {
    rule.target = words[i + 1];
    i += 2;
  }
  if (i + 1 < words.size() && words[i] == "cmd") {
    rule.command = words[i + 1];
    i += 2;
    rule.has_arguments = i + 1 < words.size() && words[i] == "args";
    if (i < words.size() && words[i] == "args") i = words.size();
  }
  if (i == words.size()) rule.who = who.starts_with(':') ? "%" + who.substr(1) : who;
  return rule;
}

}  // namespace

Result<std::vector<DoasRule>> parse_doas(std::string_view text) {
  std::vector<DoasRule> rules;
  Lines lines(text);
  std::string joined;
  std::int64_t first = 0;
  while (const auto line = lines.next()) {
    if (line->find('\0') != std::string_view::npos)
      return fail(Code::kInvalidData,
                  "line " + std::to_string(lines.number()) + " holds a byte that is not text");
    if (joined.empty()) first = lines.number();
    const bool continues = line->ends_with('\\');
    joined.append(line->substr(0, line->size() - (continues ? 1 : 0)));
    if (continues) continue;
    const auto words = words_of(joined);
    joined.clear();
    if (words.empty()) continue;
    rules.push_back(rule_of(words));
    rules.back().line = first;
  }
  return rules;
}

}  // namespace assay::agent
