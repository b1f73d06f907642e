// What the files that shells read at login set: how long an idle shell lives, and the umask.
//
// The text is read statement by statement; nothing is run and no variable is put in. Pure; any
// thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::agent {

struct ShellSetting {
  enum class Kind : std::uint8_t { kTimeout, kUmask };
  Kind kind = Kind::kTimeout;
  // As written; absent when it is worked out at login ("$X"), or when the setting is taken back.
  std::optional<std::string> value;
  bool is_unset = false;
  bool is_readonly = false;  // timeouts: the user cannot change it
  bool is_exported = false;
  bool is_conditional = false;  // in an "if", or behind "&&" and the like
  std::int64_t line = 0;
};

// Bourne-like shells: TMOUT and umask. A "readonly TMOUT" anywhere in the text holds for all of it,
// under a condition for what is set under one. The body of a function counts as under a condition.
[[nodiscard]] std::vector<ShellSetting> parse_sh(std::string_view text);
// C shells: autologout (minutes) and umask.
[[nodiscard]] std::vector<ShellSetting> parse_csh(std::string_view text);

}  // namespace assay::agent
