#include "agent/probes/linux/accounts/sudo/sudoers_rule.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "agent/probes/linux/accounts/sudo/sudoers_cursor.h"
#include "agent/probes/linux/text/lines.h"

namespace assay::agent {
namespace {

constexpr std::string_view kCut = " …";  // in the place of arguments
constexpr std::size_t kMaxCommands = 10'000;

// A tag, and the one that takes it back.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kTags = {{
    {"EXEC", "NOEXEC"},
    {"FOLLOW", "NOFOLLOW"},
    {"INTERCEPT", "NOINTERCEPT"},
    {"LOG_INPUT", "NOLOG_INPUT"},
    {"LOG_OUTPUT", "NOLOG_OUTPUT"},
    {"MAIL", "NOMAIL"},
    {"PASSWD", "NOPASSWD"},
    {"SETENV", "NOSETENV"},
}};
constexpr std::array<std::string_view, 11> kOptions = {
    "ROLE",    "TYPE", "PRIVS",  "LIMITPRIVS", "NOTBEFORE",       "NOTAFTER",
    "TIMEOUT", "CWD",  "CHROOT", "MAIL_TO",    "APPARMOR_PROFILE"};
constexpr std::array<std::pair<std::string_view, SudoersAliasKind>, 5> kAliasWords = {{
    {"User_Alias", SudoersAliasKind::kUser},
    {"Runas_Alias", SudoersAliasKind::kRunas},
    {"Host_Alias", SudoersAliasKind::kHost},
    {"Cmnd_Alias", SudoersAliasKind::kCommand},
    {"Cmd_Alias", SudoersAliasKind::kCommand},
}};
constexpr std::array<std::string_view, 4> kDigests = {"sha224:", "sha256:", "sha384:", "sha512:"};

std::unexpected<Error> bad(const char* why) {
  return fail(Code::kInvalidData, why);
}

bool is_word(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

// Parts of the line that do not go into `details`.
using Cuts = std::vector<std::pair<std::size_t, std::size_t>>;

class Parser {
 public:
  explicit Parser(std::string_view line) : line_(line), cursor_(line) {}

  Result<SudoersStatement> parse() {
    const auto header = sudoers_header(line_);
    if (header.starts_with("Defaults") && (header.size() == 8 || !is_word(header[8])))
      return finish(defaults());
    for (const auto& [word, kind] : kAliasWords)
      if (header == word) return finish(aliases(word.size(), kind));
    return finish(rule());
  }

 private:
  template <typename Content>
  Result<SudoersStatement> finish(Result<Content> content) {
    if (!content) return fail(std::move(content.error()));
    SudoersStatement statement{.content = std::move(*content),
                               .header = std::string(sudoers_header(line_)),
                               .details = {}};
    const auto start = sudoers_header(line_).size();
    std::string details;
    auto at = start;
    for (const auto& [from, to] : cuts_) {
      details.append(line_.substr(at, from - at)).append(kCut);
      at = to;
    }
    details.append(line_.substr(at));
    statement.details = std::string(trimmed(details));
    return statement;
  }

  Result<SudoersDefaults> defaults() {
    SudoersDefaults result;
    cursor_.go_to(8);
    const char mark = cursor_.peek();
    if (mark == ':' || mark == '@' || mark == '>' || mark == '!') {
      cursor_.go_to(9);
      result.scope = mark;
      if (mark == '!') {
        // Commands of this list are named without arguments or as an alias.
        if (!cursor_.take_names("", result.scoped_to)) return bad("Defaults for nothing");
      } else if (!cursor_.take_names("=", result.scoped_to)) {
        return bad("Defaults for nothing");
      }
    }
    do {
      cursor_.skip_blanks();
      SudoersDefaults::Setting setting;
      while (cursor_.take('!')) {
        setting.is_negated = !setting.is_negated;
        cursor_.skip_blanks();
      }
      while (is_word(cursor_.peek())) {
        setting.name += cursor_.peek();
        cursor_.take(cursor_.peek());
      }
      if (setting.name.empty()) return bad("a Defaults line without a setting");
      cursor_.skip_blanks();
      if (cursor_.peek() == '+' || cursor_.peek() == '-') cursor_.take(cursor_.peek());
      if (cursor_.take('=')) {
        cursor_.skip_blanks();
        setting.value = plain_name(trimmed(cursor_.until(",")));
      }
      cursor_.skip_blanks();
      result.settings.push_back(std::move(setting));
    } while (cursor_.take(',') && result.settings.size() < kMaxCommands);
    if (!cursor_.is_at_end()) return bad("a Defaults line with something behind its settings");
    return result;
  }

  Result<SudoersAliases> aliases(std::size_t start, SudoersAliasKind kind) {
    SudoersAliases result;
    cursor_.go_to(start);
    do {
      cursor_.skip_blanks();
      SudoersAlias alias{.kind = kind, .name = {}, .members = {}};
      while (is_word(cursor_.peek())) {
        alias.name += cursor_.peek();
        cursor_.take(cursor_.peek());
      }
      cursor_.skip_blanks();
      if (alias.name.empty() || !cursor_.take('=')) return bad("an alias without a name or \"=\"");
      const bool is_good =
          kind == SudoersAliasKind::kCommand
              ? take_commands(alias.members)
              : cursor_.take_names(kind == SudoersAliasKind::kHost ? "" : ":", alias.members);
      if (!is_good) return bad("an alias for nothing");
      result.push_back(std::move(alias));
      cursor_.skip_blanks();
    } while (cursor_.take(':') && result.size() < kMaxCommands);
    if (!cursor_.is_at_end()) return bad("an alias with something behind its members");
    return result;
  }

  bool take_commands(std::vector<std::string>& commands) {
    do {
      auto command = take_command();
      if (!command || commands.size() >= kMaxCommands) return false;
      commands.push_back(std::move(*command));
    } while (cursor_.take(','));
    return true;
  }

  Result<SudoersRule> rule() {
    SudoersRule result;
    if (!cursor_.take_names("=", result.users)) return bad("a rule for nobody");
    do {
      SudoersRule::Grant grant;
      if (!cursor_.take_names("=", grant.hosts)) return bad("a rule without a host");
      cursor_.skip_blanks();
      if (!cursor_.take('=')) return bad("a rule without \"=\"");
      if (auto done = take_groups(grant); !done) return fail(done.error());
      result.grants.push_back(std::move(grant));
    } while (cursor_.take(':') && result.grants.size() < kMaxCommands);
    if (!cursor_.is_at_end()) return bad("a rule with something behind its commands");
    return result;
  }

  Status take_groups(SudoersRule::Grant& grant) {
    SudoersCommands current;  // what was said before holds for the commands that follow
    std::size_t commands = 0;
    do {
      cursor_.skip_blanks();
      if (cursor_.peek() == '(' && !take_runas(current)) return bad("a runas list without end");
      if (!take_tags(current)) return bad("an option without a value");
      auto command = take_command();
      if (!command || ++commands > kMaxCommands) return bad("a rule without a command");
      const bool is_same = !grant.groups.empty() && grant.groups.back().tags == current.tags &&
                           grant.groups.back().has_runas == current.has_runas &&
                           grant.groups.back().runas_users == current.runas_users &&
                           grant.groups.back().runas_groups == current.runas_groups;
      if (!is_same) grant.groups.push_back(current);
      grant.groups.back().commands.push_back(std::move(*command));
    } while (cursor_.take(','));
    return {};
  }

  bool take_runas(SudoersCommands& current) {
    current.has_runas = cursor_.take('(');
    current.runas_users.clear();
    current.runas_groups.clear();
    cursor_.skip_blanks();
    if (cursor_.peek() != ')' && cursor_.peek() != ':' &&
        !cursor_.take_names(":)", current.runas_users))
      return false;
    cursor_.skip_blanks();
    if (cursor_.take(':')) {
      cursor_.skip_blanks();
      if (cursor_.peek() != ')' && !cursor_.take_names(")", current.runas_groups)) return false;
    }
    cursor_.skip_blanks();
    return cursor_.take(')');
  }

  static void set_tag(SudoersCommands& current, std::string_view tag) {
    for (const auto& [yes, no] : kTags)
      if (tag == yes || tag == no)
        std::erase_if(current.tags, [&](const auto& old) { return old == yes || old == no; });
    current.tags.emplace_back(tag);
  }

  // A word of capitals with ":" or "=" behind it.
  bool take_tags(SudoersCommands& current) {
    for (;;) {
      cursor_.skip_blanks();
      const auto start = cursor_.at();
      auto end = start;
      while (end < line_.size() && is_word(line_[end])) ++end;
      const auto word = line_.substr(start, end - start);
      cursor_.go_to(end);
      cursor_.skip_blanks();
      const bool is_tag = std::ranges::any_of(
          kTags, [&](const auto& pair) { return word == pair.first || word == pair.second; });
      if (is_tag && cursor_.take(':')) {
        set_tag(current, word);
      } else if (std::ranges::find(kOptions, word) != kOptions.end() && cursor_.take('=')) {
        cursor_.skip_blanks();
        const auto value = cursor_.until(" \t,");
        if (value.empty()) return false;
        const auto name = std::string(word) + "=";
        std::erase_if(current.tags, [&](const auto& old) { return old.starts_with(name); });
        current.tags.push_back(name + plain_name(value));
      } else {
        cursor_.go_to(start);
        return true;
      }
    }
  }

  // "sha256:… /bin/ls": the digests stay, they say which file may be run.
  std::string take_digests() {
    std::string digests;
    for (;;) {
      const auto rest = cursor_.rest();
      const auto is_next = [&](std::string_view name) { return rest.starts_with(name); };
      if (std::ranges::none_of(kDigests, is_next)) return digests;
      digests.append(cursor_.until(" \t,"));
      cursor_.skip_blanks();
      digests += cursor_.take(',') ? ", " : " ";
      cursor_.skip_blanks();
    }
  }

  std::optional<std::string> take_command() {
    cursor_.skip_blanks();
    std::string shown = take_digests();
    while (cursor_.take('!')) {
      shown += '!';
      cursor_.skip_blanks();
    }
    const auto name = cursor_.until(" \t,:=");
    if (name.empty()) return std::nullopt;
    shown += plain_name(name);
    const auto arguments_at = cursor_.at();
    const auto arguments = trimmed(cursor_.until(",:"));
    // "" says that there may be no arguments.
    if (arguments == "\"\"") {
      shown += " \"\"";
    } else if (!arguments.empty()) {
      shown += kCut;
      auto end = cursor_.at();
      while (end > arguments_at && (line_[end - 1] == ' ' || line_[end - 1] == '\t')) --end;
      cuts_.emplace_back(arguments_at, end);
    }
    return shown;
  }

  std::string_view line_;
  SudoersCursor cursor_;
  Cuts cuts_;
};

}  // namespace

Result<SudoersStatement> parse_sudoers_line(std::string_view line) {
  return Parser(line).parse();
}

std::string_view sudoers_header(std::string_view line) {
  return line.substr(0, line.find_first_of(" \t"));
}

}  // namespace assay::agent
