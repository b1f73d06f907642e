// What the auth and account stacks of a login service really enforce: lockout after
// failed logins, empty passwords, expiry. Pure; any thread.
#pragma once

#include <optional>
#include <string>

#include "agent/probes/linux/accounts/password_policy/pam_modules.h"
#include "agent/probes/linux/accounts/password_policy/pam_stack.h"

namespace assay::agent {

struct LoginStack {
  std::string service;
  PamStack auth;
  // The module that keeps a locked account out although its password is right.
  std::optional<PamEntry> locker;
  // Why nothing locks, although a module for it is there; empty otherwise.
  std::string why_no_lock;
  std::string lock_note;         // what should be known about a lockout that is in force
  std::optional<PamEntry> unix;  // the pam_unix that checks passwords
  bool checks_expiry = false;    // pam_unix in the account stack refuses expired passwords
  // A line that libpam cannot use lets nobody in, so what the service enforces cannot be told; says
  // which one. Empty otherwise.
  std::string why_unknown;
};

[[nodiscard]] LoginStack examine_login_stack(std::string service, PamStack auth,
                                             const PamStack& account, const PamModules& modules);

}  // namespace assay::agent
