// What one line of sudoers says, by its grammar (sudoers(5)). Arguments of commands are dropped
// while a line is read: they may hold a password, and no part of them gets any further.
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "evidence/result.h"

namespace assay::agent {

// Commands that share whom they may be run as, and how.
struct SudoersCommands {
  bool has_runas = false;  // false: as the default, root
  std::vector<std::string> runas_users;
  std::vector<std::string> runas_groups;
  std::vector<std::string> tags;      // NOPASSWD, SETENV, …; also "CWD=", "TIMEOUT=", …
  std::vector<std::string> commands;  // "/usr/bin/systemctl …": with arguments that are left out
  bool operator==(const SudoersCommands&) const = default;
};

struct SudoersRule {
  std::vector<std::string> users;
  struct Grant {
    std::vector<std::string> hosts;
    std::vector<SudoersCommands> groups;
  };
  std::vector<Grant> grants;
};

enum class SudoersAliasKind { kUser, kRunas, kHost, kCommand };

struct SudoersAlias {
  SudoersAliasKind kind = SudoersAliasKind::kUser;
  std::string name;
  std::vector<std::string> members;
};
using SudoersAliases = std::vector<SudoersAlias>;  // one line may define several

struct SudoersDefaults {
  char scope = '\0';  // ':' users, '@' hosts, '>' runas users, '!' commands; '\0' for all
  std::vector<std::string> scoped_to;
  struct Setting {
    std::string name;
    bool is_negated = false;
    std::string value;  // empty: a flag
  };
  std::vector<Setting> settings;
};

struct SudoersStatement {
  std::variant<SudoersRule, SudoersAliases, SudoersDefaults> content;
  std::string header;   // the first word
  std::string details;  // the rest, with arguments of commands left out
};

// kInvalidData when the line does not follow the grammar; the message holds nothing of the line.
[[nodiscard]] Result<SudoersStatement> parse_sudoers_line(std::string_view line);

// The first word of any line.
[[nodiscard]] std::string_view sudoers_header(std::string_view line);

}  // namespace assay::agent
