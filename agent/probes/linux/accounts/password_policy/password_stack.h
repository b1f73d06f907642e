// What the password stack of a service really enforces when a local account changes its
// password: which module sets it, and which modules stand in the way of a bad one.
//
// Worked out by walking the stack as libpam does, with a module refusing, and looking
// whether the password is set nevertheless. Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/probes/linux/accounts/password_policy/pam_modules.h"
#include "agent/probes/linux/accounts/password_policy/pam_stack.h"

namespace assay::agent {

// Why nothing can be said of a stack on which nobody's password is ever set.
inline constexpr std::string_view kNoSetter = "no pam_unix sets passwords on the password stack";

// A module that may refuse a new password.
struct Guard {
  PamEntry entry;
  bool is_in_force = false;
  std::string why_not;   // for people, when not in force
  std::string can_skip;  // for people: on what it depends; empty when nothing
};

struct PasswordStack {
  std::string service;
  PamStack entries;
  std::optional<PamEntry> setter;  // the pam_unix that stores the password
  std::vector<Guard> guards;       // quality and history modules, in order

  // The first guard of that name that is in force, else nullptr.
  [[nodiscard]] const Guard* in_force(std::string_view module) const;
  // The first guard of that name, in force or not.
  [[nodiscard]] const Guard* any(std::string_view module) const;
};

[[nodiscard]] PasswordStack examine_password_stack(std::string service, PamStack stack,
                                                   const PamModules& modules);

}  // namespace assay::agent
