// /etc/passwd, /etc/group and /etc/shadow, as passwd(5), group(5), shadow(5) have them.
//
// A line that cannot be read is an error that names the line, never its text:
// it may hold a hash. Empty lines, comments, and the "+" and "-" lines that
// join in a directory service are no local accounts and are passed over.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"
#include "evidence/result.h"

namespace assay::agent {

// What a password field says, without the hash itself.
struct PasswordState {
  std::string_view status;  // active, locked, empty, not_set
  // "6", "y", …, "des" or "bsdi" by the form of a hash without a mark, also of a locked hash; empty
  // when it cannot be told.
  std::string hash_alg;
  bool operator==(const PasswordState&) const = default;
};
[[nodiscard]] PasswordState password_state(std::string_view field);

struct PasswdEntry {
  std::string name;
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::string comment;
  std::string directory;
  std::string shell;
  // Set when the password is here and not in /etc/shadow (the field is not "x").
  std::optional<PasswordState> own_password;
};
[[nodiscard]] Result<std::vector<PasswdEntry>> parse_passwd(std::string_view text);

struct GroupEntry {
  std::string name;
  std::uint32_t gid = 0;
  std::vector<std::string> members;
};
[[nodiscard]] Result<std::vector<GroupEntry>> parse_group(std::string_view text);

// Days; nothing where the field is empty or negative, which both mean "off".
struct ShadowEntry {
  std::string name;
  PasswordState password;
  std::optional<std::int64_t> last_change;  // since 1970-01-01
  std::optional<std::int64_t> min;
  std::optional<std::int64_t> max;
  std::optional<std::int64_t> warning;
  std::optional<std::int64_t> inactive;
  std::optional<std::int64_t> expire;  // since 1970-01-01
  std::optional<std::int64_t> flag;
};
[[nodiscard]] Result<std::vector<ShadowEntry>> parse_shadow(std::string_view text);

// The files themselves; an Error names the file.
[[nodiscard]] Result<std::vector<PasswdEntry>> read_passwd(Host& host);
[[nodiscard]] Result<std::vector<GroupEntry>> read_group(Host& host);
[[nodiscard]] Result<std::vector<ShadowEntry>> read_shadow(Host& host);

}  // namespace assay::agent
