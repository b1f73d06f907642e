// Which ways of logging in sshd offers, and which of them must come together.
// One thread at a time per Host.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "agent/host/host.h"
#include "agent/probes/linux/accounts/ssh_keys/sshd_settings.h"
#include "evidence/result.h"

namespace assay::agent {

struct SshdMethods {
  bool uses_pam = false;
  // Each is one way in: the methods that it takes together ("publickey", "keyboard-interactive").
  std::vector<std::vector<std::string>> ways;
  std::optional<SshdWord> line;         // AuthenticationMethods, where it is set for all
  std::vector<SshdWord> matched;        // the same in Match blocks
  std::optional<SshdWord> verify_keys;  // PubkeyAuthOptions with verify-required
};

// Absent when there is no sshd_config.
[[nodiscard]] Result<std::optional<SshdMethods>> read_sshd_methods(Host& host);

// The methods of one way: "publickey,keyboard-interactive:pam" are two.
[[nodiscard]] std::vector<std::string> methods_of(std::string_view way);

// Whether every way asks for more than one kind of proof.
[[nodiscard]] bool asks_twice(const std::vector<std::vector<std::string>>& ways);

// A way in that never asks PAM for a second factor, as text; empty when there is none.
[[nodiscard]] std::string way_around_pam(const SshdMethods& methods);

}  // namespace assay::agent
