#include "agent/probes/linux/accounts/sudo/sudoers_text.h"

#include <array>

#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::size_t kMaxLineBytes = 256U << 10U;

struct Directive {
  std::string_view word;
  bool is_folder = false;
};
constexpr std::array<Directive, 2> kDirectives = {Directive{"includedir", true},
                                                  Directive{"include", false}};

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

const Directive* directive_of(std::string_view line) {
  if (line.empty() || (line[0] != '#' && line[0] != '@')) return nullptr;
  line.remove_prefix(1);
  for (const auto& directive : kDirectives)
    if (line.starts_with(directive.word) && line.size() > directive.word.size() &&
        is_blank(line[directive.word.size()]))
      return &directive;
  return nullptr;
}

// "#0" and "#-1" are user IDs where a name may begin.
bool is_user_id(std::string_view line, std::size_t at) {
  constexpr std::string_view kBefore = " \t,!(:%=";
  if (at > 0 && kBefore.find(line[at - 1]) == std::string_view::npos) return false;
  std::size_t digit = at + 1;
  if (digit < line.size() && line[digit] == '-') ++digit;
  return digit < line.size() && is_digit(line[digit]);
}

// Where the comment of a physical line begins; its size when there is none.
std::size_t comment_start(std::string_view line, bool& is_quoted) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\') {
      ++i;
    } else if (line[i] == '"') {
      is_quoted = !is_quoted;
    } else if (line[i] == '#' && !is_quoted && !is_user_id(line, i)) {
      return i;
    }
  }
  return line.size();
}

}  // namespace

Result<std::vector<SudoersLine>> sudoers_lines(std::string_view text) {
  std::vector<SudoersLine> found;
  SudoersLine joined;
  bool is_quoted = false;
  Lines lines(text);
  const auto finish = [&] {
    const auto whole = trimmed(joined.text);
    if (!whole.empty()) found.push_back({std::string(whole), joined.line});
    joined = {};
    is_quoted = false;
  };
  while (auto line = lines.next()) {
    if (line->find('\0') != std::string_view::npos)
      return fail(Code::kInvalidData,
                  "line " + std::to_string(lines.number()) + " holds a byte that is not text");
    if (line->ends_with('\r')) line->remove_suffix(1);
    const bool is_first = joined.line == 0;
    if (is_first) joined.line = lines.number();
    const bool is_directive = is_first && directive_of(trimmed(*line)) != nullptr;
    const auto end = is_directive ? line->size() : comment_start(*line, is_quoted);
    // A comment ends with its line, whatever stands last in it.
    const bool continues = end == line->size() && line->ends_with('\\');
    joined.text.append(line->substr(0, continues ? end - 1 : end));
    if (joined.text.size() > kMaxLineBytes)
      return fail(Code::kTooLarge, "line " + std::to_string(joined.line) + " is too long");
    if (!continues) finish();
  }
  finish();
  return found;
}

bool is_include(std::string_view line) {
  return directive_of(line) != nullptr;
}

SudoersInclude parse_include(std::string_view line) {
  SudoersInclude include;
  const auto* directive = directive_of(line);
  if (directive == nullptr) return include;
  include.is_folder = directive->is_folder;
  auto rest = trimmed(line.substr(1 + directive->word.size()));
  const bool is_quoted = rest.size() >= 2 && rest.front() == '"' && rest.back() == '"';
  if (is_quoted) rest = rest.substr(1, rest.size() - 2);
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (!is_quoted && is_blank(rest[i])) break;  // what follows is passed over
    if (rest[i] == '\\' && i + 1 < rest.size()) ++i;
    include.path += rest[i];
  }
  return include;
}

}  // namespace assay::agent
