// One line of an authorized_keys file, as sshd(8) has it. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::agent {

struct AuthorizedKey {
  std::string algorithm;
  // Options apart by commas. Values stand only where they are no secret (addresses, names, dates):
  // a forced command or an environment setting is its name alone.
  std::string options;
  std::string comment;
  std::optional<std::int64_t> bits;
  std::string fingerprint;
  bool is_authority = false;  // cert-authority: whoever it signs may log in
};

// Nothing for a blank line or a comment. kInvalidData for a line that sshd passes over; the message
// holds nothing of the line.
[[nodiscard]] Result<std::optional<AuthorizedKey>> parse_authorized_key(std::string_view line);

}  // namespace assay::agent
