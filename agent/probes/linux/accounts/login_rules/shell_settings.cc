#include "agent/probes/linux/accounts/login_rules/shell_settings.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>

namespace assay::agent {
namespace {

constexpr std::array<std::string_view, 6> kOpeners = {"if",    "case",  "for",
                                                      "while", "until", "foreach"};
constexpr std::array<std::string_view, 5> kClosers = {"fi", "esac", "done", "endif", "end"};
constexpr std::array<std::string_view, 5> kPassed = {"then", "else", "do", "elif", "!"};
constexpr std::array<std::string_view, 4> kDeclaring = {"export", "readonly", "declare", "typeset"};

bool is_one_of(const auto& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

struct Statement {
  std::vector<std::string_view> words;
  bool is_chained = false;  // behind && or ||
  std::int64_t line = 0;    // of its beginning
};

// Takes a text apart into statements. What is quoted stays together, over lines too; a comment ends
// with its line; a line that ends with a backslash goes on in the next; the lines of a
// here-document are no statements.
class Statements {
 public:
  explicit Statements(std::string_view text) : text_(text) {}

  std::vector<Statement> take() {
    begin(false);
    while (at_ < text_.size()) step();
    end_word();
    return std::move(found_);
  }

 private:
  void begin(bool is_chained) {
    found_.push_back({.words = {}, .is_chained = is_chained, .line = line_});
    word_ = at_;
  }

  void end_word() {
    auto& statement = found_.back();
    if (at_ > word_) {
      if (statement.words.empty()) statement.line = line_;
      statement.words.push_back(text_.substr(word_, at_ - word_));
    }
  }

  void end_line() {
    end_word();
    ++at_;
    ++line_;
    for (const auto& [delimiter, may_be_indented] : std::exchange(documents_, {}))
      pass_document(delimiter, may_be_indented);
    begin(false);
  }

  void step() {
    const char c = text_[at_];
    if (c == '\n') {
      end_line();
    } else if (c == '\\') {
      const bool goes_on = at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
      if (goes_on) {
        end_word();
        ++line_;
      }
      at_ = std::min(at_ + 2, text_.size());
      if (goes_on) word_ = at_;
    } else if (c == '"' || c == '\'' || c == '`') {
      pass_quoted(c);
    } else if (c == '(' && at_ > word_ && text_[at_ - 1] == '$') {
      pass_substitution();
    } else if (c == '#' && at_ == word_) {
      at_ = std::min(text_.find('\n', at_), text_.size());
      word_ = at_;
    } else if (c == ' ' || c == '\t' || c == '\r') {
      end_word();
      word_ = ++at_;
    } else if (c == ';' || c == '&' || c == '|') {
      end_word();
      const bool is_chain = c != ';' && at_ + 1 < text_.size() && text_[at_ + 1] == c;
      at_ += is_chain ? 2 : 1;
      begin(is_chain);
    } else if (text_.substr(at_).starts_with("<<")) {
      add_document();
    } else {
      ++at_;
    }
  }

  // A quote that nothing closes is a letter like others.
  void pass_quoted(char quote) {
    auto end = at_ + 1;
    while (end < text_.size() && text_[end] != quote)
      end += quote != '\'' && text_[end] == '\\' ? std::size_t{2} : std::size_t{1};
    if (end >= text_.size()) {
      ++at_;
      return;
    }
    line_ += std::ranges::count(text_.substr(at_, end - at_), '\n');
    at_ = end + 1;
  }

  // "$(date)", "$((60 * 10))". One that does not end soon is letters like others.
  void pass_substitution() {
    const auto before = std::pair(at_, line_);
    const auto end = std::min(text_.size(), at_ + kMaxSubstitution);
    int depth = 0;
    while (at_ < end) {
      const char c = text_[at_];
      if (c == '"' || c == '\'') {
        pass_quoted(c);
        continue;
      }
      if (c == '\n') ++line_;
      if (c == '(') ++depth;
      if (c == ')') --depth;
      ++at_;
      if (depth == 0) return;
    }
    at_ = before.first + 1;
    line_ = before.second;
  }

  // "<<END", "<<-'END'"; not "<<<" and not the shift of a number.
  void add_document() {
    auto begin = at_ + 2;
    const bool may_be_indented = begin < text_.size() && text_[begin] == '-';
    if (may_be_indented) ++begin;
    begin = std::min(text_.find_first_not_of(" \t", begin), text_.size());
    const auto end = std::min(text_.find_first_of(" \t\r\n;&|<>()", begin), text_.size());
    std::string delimiter;
    for (const char c : text_.substr(begin, end - begin))
      if (c != '\'' && c != '"' && c != '\\') delimiter += c;
    const bool is_document = !delimiter.empty() && !(delimiter[0] >= '0' && delimiter[0] <= '9') &&
                             text_[at_ + 2] != '<';
    if (is_document) documents_.emplace_back(std::move(delimiter), may_be_indented);
    at_ = is_document ? end : std::min(at_ + 3, text_.size());
  }

  void pass_document(std::string_view delimiter, bool may_be_indented) {
    while (at_ < text_.size()) {
      const auto end = std::min(text_.find('\n', at_), text_.size());
      auto line = text_.substr(at_, end - at_);
      at_ = std::min(end + 1, text_.size());
      ++line_;
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (may_be_indented) line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
      if (line == delimiter) return;
    }
  }

  static constexpr std::size_t kMaxSubstitution = 1000;

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t word_ = 0;
  std::int64_t line_ = 1;
  std::vector<std::pair<std::string, bool>> documents_;
  std::vector<Statement> found_;
};

bool is_assignment(std::string_view word) {
  const auto equals = word.find('=');
  const auto name = word.substr(0, equals);
  return equals != std::string_view::npos && !name.empty() && std::ranges::all_of(name, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_';
         });
}

// Nothing but "A=1 B=2", perhaps with "2>/dev/null".
bool only_assigns(std::span<const std::string_view> words) {
  constexpr std::string_view kBefore = "0123456789&";
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (is_assignment(words[i])) continue;
    auto rest = words[i];
    rest.remove_prefix(std::min(rest.find_first_not_of(kBefore), rest.size()));
    if (!rest.starts_with('>') && !rest.starts_with('<')) return false;
    if (rest.find_first_not_of("<>&|") == std::string_view::npos) ++i;  // the file is the next word
  }
  return true;
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

// "readonly TMOUT" and "export TMOUT" without a value.
struct Marks {
  bool is_readonly = false;
  bool is_exported = false;
  void add(bool readonly, bool exported) {
    is_readonly |= readonly;
    is_exported |= exported;
  }
};

class Reading {
 public:
  explicit Reading(bool is_csh) : is_csh_(is_csh) {}

  std::vector<ShellSetting> read(std::string_view text) {
    for (const auto& statement : Statements(text).take()) add(statement);
    for (auto& setting : found_) {
      if (setting.kind != ShellSetting::Kind::kTimeout) continue;
      setting.is_readonly |= setting.is_conditional ? maybe_.is_readonly : surely_.is_readonly;
      setting.is_exported |= setting.is_conditional ? maybe_.is_exported : surely_.is_exported;
    }
    return std::move(found_);
  }

 private:
  void add(const Statement& statement) {
    auto words = std::span(statement.words);
    while (!words.empty() && is_passed(words)) words = words.subspan(1);
    if (words.empty()) return;
    if (is_one_of(kOpeners, words[0])) ++depth_;
    if (is_one_of(kClosers, words[0]) && depth_ > 0) --depth_;
    const bool is_conditional = depth_ > 0 || statement.is_chained || uncertain_groups_ > 0;
    const auto line = statement.line;
    if (words[0] == "umask") return add_umask(words, line, is_conditional);
    if (is_csh_) return add_csh(words, line, is_conditional);
    add_sh(words, line, is_conditional);
  }

  // Whether a statement goes on behind this word; remembers what the word begins or ends.
  bool is_passed(std::span<const std::string_view> words) {
    const auto word = words[0];
    if (is_one_of(kPassed, word)) return true;
    if (word == "{" || word == "(" || word.ends_with("(){")) {
      // The body of a function, and a shell of its own, set nothing for sure.
      groups_.push_back(word != "{" || std::exchange(is_function_, false));
      uncertain_groups_ += groups_.back() ? 1 : 0;
      return true;
    }
    if (word == "}" || word == ")") {
      if (groups_.empty()) return true;
      uncertain_groups_ -= groups_.back() ? 1 : 0;
      groups_.pop_back();
      return true;
    }
    if (word.ends_with("()")) return is_function_ = true;
    if (word == "function") return is_function_ = is_before_name_ = true;
    if (std::exchange(is_before_name_, false) || (words.size() > 1 && words[1] == "()"))
      return true;
    if (word == "case" && is_one_of(words, "in")) {
      ++depth_;
      is_before_in_ = true;
      return true;
    }
    if (is_before_in_) {
      is_before_in_ = word != "in";
      return true;
    }
    return depth_ > 0 && word.ends_with(')') && word.find('(') == std::string_view::npos;
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
    // Before another word it is that program's environment.
    if (!is_declaring && !only_assigns(words)) return;
    for (const auto word : words.subspan(is_declaring ? 1 : 0)) {
      if (is_declaring && word.starts_with('-')) {
        is_readonly |= word.find('r') != std::string_view::npos;
        is_exported |= word.find('x') != std::string_view::npos;
        continue;
      }
      if (is_declaring && word == kName) {
        maybe_.add(is_readonly, is_exported);
        if (!is_conditional) surely_.add(is_readonly, is_exported);
      }
      if (word.starts_with(kName) && word.substr(kName.size()).starts_with('='))
        found_.push_back({.value = plain_value(word.substr(kName.size() + 1)),
                          .is_readonly = is_readonly,
                          .is_exported = is_exported,
                          .is_conditional = is_conditional,
                          .line = line});
    }
  }

  bool is_csh_;
  int depth_ = 0;
  std::vector<bool> groups_;  // { and ( that are open; true: what is in it is not run for sure
  int uncertain_groups_ = 0;
  bool is_function_ = false;  // the next { begins its body
  bool is_before_name_ = false;
  bool is_before_in_ = false;
  Marks surely_;
  Marks maybe_;  // under a condition, too
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
