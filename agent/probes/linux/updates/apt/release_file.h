// What a repository says of itself: the head of its Release or InRelease file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::agent {

struct AptRelease {
  std::string origin;  // "Debian"; empty where the file does not say, as all below
  std::string label;   // "Debian-Security"
  std::string suite;   // "stable-security", which moves with time
  std::string version;
  std::string codename;
  std::string date;                     // YYYY-MM-DD, of the repository's state
  std::string valid_until;              // YYYY-MM-DD
  bool is_not_automatic = false;        // never installed by itself, as "experimental"
  bool has_automatic_upgrades = false;  // but what was installed from it is upgraded: backports
  bool operator==(const AptRelease&) const = default;
};

// `text` may be the beginning of a file only; reading ends before the long lists of digests.
// kInvalidData for what is no Release file.
[[nodiscard]] Result<AptRelease> parse_release(std::string_view text);

// The size that a whole Release file states for one of its files, such as
// "main/binary-amd64/Packages"; nothing when it does not list it.
[[nodiscard]] std::optional<std::uint64_t> size_in_release(std::string_view text,
                                                           std::string_view file);

// "2026-11-18" of "Wed, 18 Nov 2026 22:17:41 UTC"; empty when it is no such date.
[[nodiscard]] std::string day_of_release_date(std::string_view text);

// Whether the repository keeps security updates apart, and is the part that has them. Nothing for
// one that mixes them with others.
[[nodiscard]] std::optional<bool> is_security_release(const AptRelease& release);

}  // namespace assay::agent
