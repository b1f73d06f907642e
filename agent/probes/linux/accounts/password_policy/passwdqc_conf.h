// What pam_passwdqc demands of a new password. It thinks in kinds of passwords, each with
// its own shortest length: one, two, three or four character classes, and passphrases.
// One thread at a time per Host.
#pragma once

#include <array>
#include <optional>
#include <string>

#include "agent/probes/linux/accounts/password_policy/settings_file.h"

namespace assay::agent {

struct PasswdqcSettings {
  // Of one class, two classes, a passphrase, three and four classes; absent: not allowed.
  std::array<std::optional<std::int64_t>, 5> shortest = {std::nullopt, 24, 11, 8, 7};
  std::optional<Location> min_where;
  std::int64_t passphrase_words = 3;  // 0: passphrases are not a kind of their own
  std::string enforce = "everyone";   // none, users, everyone
  std::optional<Location> enforce_where;
  std::string similar = "deny";  // to the old password
  // A piece of so many letters of the account's name or of a word is one too many; 0: not looked
  // for.
  std::int64_t match_length = 4;
  std::optional<Location> match_where;

  // The shortest password of any kind that passes; absent when none is allowed.
  [[nodiscard]] std::optional<std::int64_t> shortest_accepted() const;
  // The fewest character classes with which a password passes.
  [[nodiscard]] std::int64_t classes_required() const;
};

// Defaults, then the arguments of the PAM line in order, with config= files where they stand.
[[nodiscard]] Result<PasswdqcSettings> read_passwdqc(Host& host, const PamEntry& entry);

}  // namespace assay::agent
