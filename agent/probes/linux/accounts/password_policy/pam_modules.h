// Which PAM modules are installed, and what role the known ones play in a stack.
// One thread at a time per Host.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"
#include "agent/probes/linux/accounts/password_policy/pam_stack.h"
#include "evidence/result.h"

namespace assay::agent {

enum class ModuleRole : std::uint8_t {
  kUnix,     // checks and sets the passwords of /etc/shadow
  kQuality,  // judges a new password
  kHistory,  // refuses old passwords
  kLockout,  // counts failed logins
  kDeny,
  kPermit,
  kDomain,  // accounts of a directory: never knows a local account
  kLocal,   // asks whether an account is local
  kOther,
};

[[nodiscard]] ModuleRole role_of(const PamEntry& entry);

class PamModules {
 public:
  // Looks for the folder that holds pam_unix.so. An image without one is no failure:
  // every module then counts as installed.
  [[nodiscard]] static Result<PamModules> find(Host& host);

  [[nodiscard]] bool is_installed(const PamEntry& entry) const;
  // Whether the module's file holds `text`; absent when there is no file to look into.
  [[nodiscard]] Result<std::optional<bool>> mentions(Host& host, const PamEntry& entry,
                                                     std::string_view text) const;

 private:
  std::string folder_;           // empty: not known
  std::set<std::string> files_;  // "pam_unix.so"
};

// What a module without a role of its own is taken to answer for a local account with
// nothing special about it. `is_flipped`: the other way round, to see what depends on it.
[[nodiscard]] PamResult ordinary_answer(const PamEntry& entry, bool is_flipped);

// "Accounts of a domain have their own rules (pam_sss at …)"; empty when there are none.
[[nodiscard]] std::string domain_note(const PamStack& stack);

}  // namespace assay::agent
