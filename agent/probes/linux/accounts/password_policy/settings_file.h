// The plain "name = value" files of the PAM modules, line by line: pwquality.conf,
// faillock.conf, pwhistory.conf and login.defs.
//
// Pure functions, and one that reads; one thread at a time per Host.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"
#include "agent/probes/linux/accounts/password_policy/pam_stack.h"
#include "evidence/result.h"

namespace assay::agent {

struct FileSetting {
  std::string name;
  std::string value;  // empty for a bare word such as "silent"
  Location where;
};

// A number in force and where it is written; `where` is absent for a built-in default.
struct Number {
  std::int64_t value = 0;
  std::optional<Location> where;
};
using Numbers = std::map<std::string, Number, std::less<>>;

// "name = value", "name=value", "name value" or "name"; '#' begins a comment anywhere.
// kInvalidData when the text is binary.
[[nodiscard]] Result<std::vector<FileSetting>> parse_settings(std::string_view text,
                                                              std::string_view path);

// The form of shadow's own reader: '#' only begins a comment at the start of a line, the
// value may stand in double quotes, a name without a value is passed over.
[[nodiscard]] Result<std::vector<FileSetting>> parse_login_defs(std::string_view text,
                                                                std::string_view path);

// Absent when there is no such file; every other failure is an Error that names it.
[[nodiscard]] Result<std::optional<std::string>> read_optional(Host& host, std::string_view path);

// The same for a file of /etc/security, which SUSE ships below /usr/etc; `path` becomes that of the
// file that was found.
[[nodiscard]] Result<std::optional<std::string>> read_security_file(Host& host, std::string& path);

// The decimal number that is all of `text`, sign and leading blanks allowed.
[[nodiscard]] std::optional<std::int64_t> whole_number(std::string_view text);
// The decimal number that `text` begins with, as scanf("%u") reads it.
[[nodiscard]] std::optional<std::int64_t> leading_number(std::string_view text);

}  // namespace assay::agent
