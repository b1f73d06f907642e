// The keywords of sshd_config(5): how a value is written, whether a second line adds to the
// first, and what holds when no line says anything.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agent/probes/linux/hardening/sshd/sshd_program.h"

namespace assay::agent {

enum class SshdValue {
  kWord,     // one word of a closed list, or several: letters do not matter
  kText,     // as written
  kSeconds,  // a time such as 2m, shown in seconds
  kEach,     // every argument is a value of its own, more lines add more
  kAdds,     // one value a line, more lines add more
  kList,     // algorithms; +, - and ^ change the built-in list
  kCommand,  // a program with arguments, which are not shown
  kNames,    // NAME=value pairs of which the values are not shown
};

struct SshdKeyword {
  std::string_view name;
  SshdValue kind = SshdValue::kText;
  std::string_view fallback;  // as sshd -T prints it; empty: sshd has none that can be told
  int since = 0;              // first version, 902 for 9.2, that has the keyword
};

// Those that the agent knows, sorted by name. The fallbacks hold for OpenSSH 7.4 and later.
[[nodiscard]] std::span<const SshdKeyword> sshd_keywords();
// nullptr when the agent does not know it.
[[nodiscard]] const SshdKeyword* find_sshd_keyword(std::string_view name);

// The oldest version whose fallbacks are known.
inline constexpr int kOldestKnownSshd = 704;

// The name by which newer versions call a keyword.
[[nodiscard]] std::string_view present_name(std::string_view keyword, int version);
// True for what sshd reads and does nothing with any more.
[[nodiscard]] bool is_obsolete(std::string_view keyword);

// The built-in list behind `keyword`; empty when it is not known.
[[nodiscard]] std::string_view builtin_list(const SshdProgram& program, std::string_view keyword);

// A configured value as sshd -T prints it, and what a reader must know about it.
struct SshdText {
  std::optional<std::string> value;  // nothing: it depends on what is not known
  std::string note;
};
[[nodiscard]] SshdText sshd_value_text(const SshdKeyword& keyword,
                                       const std::vector<std::string>& arguments,
                                       std::string_view builtin);

}  // namespace assay::agent
