#include "agent/probes/linux/accounts/login_rules/shell_settings.h"

#include <algorithm>
#include <array>
#include <span>

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::array<std::string_view, 6> kOpeners = {"if",    "case",  "for",
                                                      "while", "until", "foreach"};
constexpr std::array<std::string_view, 5> kClosers = {"fi", "esac", "done", "endif", "end"};
constexpr std::array<std::string_view, 8> kPassed = {"then", "else", "do", "{",
                                                     "}",    "elif", "!",  "("};
constexpr std::array<std::string_view, 4> kDeclaring = {"export", "readonly", "declare", "typeset"};

bool is_one_of(const auto& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

struct Statement {
  std::vector<std::string_view> words;
  bool is_chained = false;  // behind && or ||
};

// The statements of one line; what is quoted stays together, a comment ends it.
std::vector<Statement> statements_of(std::string_view line) {
  std::vector<Statement> found(1);
  std::size_t start = 0;
  char quote = '\0';
  const auto finish = [&](std::size_t end) {
    if (end > start) found.back().words.push_back(line.substr(start, end - start));
  };
  std::size_t i = 0;
  for (; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != '\0') {
      if (c == quote) quote = '\0';
    } else if (c == '\\') {
      ++i;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '#' && i == start) {
      return found;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      finish(i);
      start = i + 1;
    } else if (c == ';' || c == '&' || c == '|') {
      finish(i);
      const bool is_chain = c != ';' && i + 1 < line.size() && line[i + 1] == c;
      if (is_chain) ++i;
      start = i + 1;
      found.push_back({.words = {}, .is_chained = is_chain});
    }
  }
  if (start < line.size()) finish(line.size());
  return found;
}

std::string_view unquoted(std::string_view word) {
  if (word.size() >= 2 && (word.front() == '"' || word.front() == '\'') &&
      word.back() == word.front())
    return word.substr(1, word.size() - 2);
  return word;
}

// Only what a time or a mask can be: nothing else of the file gets into evidence.
std::optional<std::string> plain_value(std::string_view word) {
  constexpr std::string_view kMaskCharacters = "0123456789ugoarwx=+-,";
  const auto value = unquoted(word);
  if (value.empty() || value.size() > 16 ||
      value.find_first_not_of(kMaskCharacters) != std::string_view::npos)
    return std::nullopt;
  return std::string(value);
}

class Reading {
 public:
  explicit Reading(bool is_csh) : is_csh_(is_csh) {}

  std::vector<ShellSetting> read(std::string_view text) {
    Lines lines(text);
    while (const auto line = lines.next())
      for (const auto& statement : statements_of(*line)) add(statement, lines.number());
    for (auto& setting : found_) {
      if (setting.kind != ShellSetting::Kind::kTimeout) continue;
      setting.is_readonly |= is_readonly_;
      setting.is_exported |= is_exported_;
    }
    return std::move(found_);
  }

 private:
  void add(const Statement& statement, std::int64_t line) {
    auto words = std::span(statement.words);
    while (!words.empty() && is_one_of(kPassed, words[0])) words = words.subspan(1);
    if (words.empty()) return;
    if (is_one_of(kOpeners, words[0])) ++depth_;
    if (is_one_of(kClosers, words[0]) && depth_ > 0) --depth_;
    const bool is_conditional = depth_ > 0 || statement.is_chained;
    if (words[0] == "umask") return add_umask(words, line, is_conditional);
    if (is_csh_) return add_csh(words, line, is_conditional);
    add_sh(words, line, is_conditional);
  }

  void add_umask(std::span<const std::string_view> words, std::int64_t line, bool is_conditional) {
    for (const auto word : words.subspan(1)) {
      if (word.starts_with('-') && word.size() == 2) continue;  // "-S" shows it
      found_.push_back({.kind = ShellSetting::Kind::kUmask,
                        .value = plain_value(word),
                        .is_conditional = is_conditional,
                        .line = line});
      return;
    }
  }

  // "set autologout=15", "set -r autologout = 15", "unset autologout".
  void add_csh(std::span<const std::string_view> words, std::int64_t line, bool is_conditional) {
    constexpr std::string_view kName = "autologout";
    if (words[0] == "unset" && words.size() > 1 && words[1] == kName)
      found_.push_back({.is_unset = true, .is_conditional = is_conditional, .line = line});
    if (words[0] != "set") return;
    ShellSetting setting{.is_conditional = is_conditional, .line = line};
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (words[i] == "-r") setting.is_readonly = true;
      if (!words[i].starts_with(kName)) continue;
      auto value = words[i].substr(kName.size());
      if (value.empty() && i + 1 < words.size()) value = words[++i];
      if (!value.starts_with('=')) return;
      value.remove_prefix(1);
      if (value.empty() && i + 1 < words.size()) value = words[++i];
      // "(10 20)": the second locks the screen.
      if (value.starts_with('(')) value.remove_prefix(1);
      if (value.ends_with(')')) value.remove_suffix(1);
      setting.value = plain_value(value);
      found_.push_back(setting);
      return;
    }
  }

  void add_sh(std::span<const std::string_view> words, std::int64_t line, bool is_conditional) {
    constexpr std::string_view kName = "TMOUT";
    if (words[0] == "unset") {
      if (std::ranges::find(words, kName) != words.end())
        found_.push_back({.is_unset = true, .is_conditional = is_conditional, .line = line});
      return;
    }
    bool is_readonly = words[0] == "readonly";
    bool is_exported = words[0] == "export";
    const bool is_declaring = is_one_of(kDeclaring, words[0]);
    for (const auto word : words.subspan(is_declaring ? 1 : 0)) {
      if (is_declaring && word.starts_with('-')) {
        is_readonly |= word.find('r') != std::string_view::npos;
        is_exported |= word.find('x') != std::string_view::npos;
        continue;
      }
      if (is_declaring && word == kName) {
        is_readonly_ |= is_readonly;
        is_exported_ |= is_exported;
      }
      const bool is_assignment =
          word.starts_with(kName) && word.substr(kName.size()).starts_with('=');
      if (is_assignment)
        found_.push_back({.value = plain_value(word.substr(kName.size() + 1)),
                          .is_readonly = is_readonly,
                          .is_exported = is_exported,
                          .is_conditional = is_conditional,
                          .line = line});
      // Behind another word it is that program's environment, or its argument.
      if (!is_declaring && word.find('=') == std::string_view::npos) return;
    }
  }

  bool is_csh_;
  int depth_ = 0;
  bool is_readonly_ = false;
  bool is_exported_ = false;
  std::vector<ShellSetting> found_;
};

}  // namespace

std::vector<ShellSetting> parse_sh(std::string_view text) {
  return Reading(false).read(text);
}
std::vector<ShellSetting> parse_csh(std::string_view text) {
  return Reading(true).read(text);
}

}  // namespace assay::agent
