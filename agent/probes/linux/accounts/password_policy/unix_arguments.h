// What the arguments of pam_unix mean, with what it takes from /etc/login.defs.
// One thread at a time per Host.
#pragma once

#include <optional>
#include <string>

#include "agent/probes/linux/accounts/password_policy/settings_file.h"
#include "evidence/result.h"

namespace assay::agent {

struct UnixHash {
  std::string algorithm;          // yescrypt, gost_yescrypt, sha512, sha256, blowfish, md5, …
  std::optional<Location> where;  // absent: built in
  std::string note;               // for people; empty when there is nothing to say
};

// The hash that this pam_unix gives new passwords: the last such argument of its line,
// else ENCRYPT_METHOD, else "des".
[[nodiscard]] Result<UnixHash> unix_hash(Host& host, const PamEntry& setter);

// Whether this line lets an account without a password in.
[[nodiscard]] bool accepts_empty_password(const PamEntry& entry);

}  // namespace assay::agent
