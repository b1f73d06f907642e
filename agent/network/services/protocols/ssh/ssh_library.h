// libssh, loaded only once an SSH server has been met: a scan that meets none does not pay for it
// and for Kerberos behind it.
#pragma once

#include <libssh/libssh.h>

#include "evidence/result.h"

namespace assay::agent::services {

struct SshLibrary {
  decltype(&::ssh_new) make = nullptr;
  decltype(&::ssh_free) free = nullptr;
  decltype(&::ssh_options_set) set_option = nullptr;
  decltype(&::ssh_set_blocking) set_blocking = nullptr;
  decltype(&::ssh_get_fd) descriptor = nullptr;
  decltype(&::ssh_connect) connect = nullptr;
  decltype(&::ssh_userauth_none) log_in_by_nothing = nullptr;
  decltype(&::ssh_userauth_list) methods = nullptr;
  decltype(&::ssh_get_error) error = nullptr;
};

// Stays loaded. kNotFound: it is not installed; kNotSupported: it lacks a function.
[[nodiscard]] const Result<SshLibrary>& ssh_library();

}  // namespace assay::agent::services
