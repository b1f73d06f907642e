// Reads wtmp (with its rotated files) and lastlog. One thread at a time per Host.
#pragma once

#include <cstdint>
#include <vector>

#include "agent/host/host.h"
#include "agent/probes/linux/accounts/account_files.h"
#include "agent/probes/linux/accounts/logins/login_history.h"
#include "agent/probes/linux/accounts/logins/utmp_records.h"
#include "evidence/result.h"

namespace assay::agent {

// /var/log/wtmp and the rotated ones that are not compressed, of each the newest part. Files that
// are not there are no failure; one that cannot be read or is none is. Returns the layout seen.
[[nodiscard]] Result<UtmpLayout> read_wtmp_files(Host& host, LoginHistory& history);

// /var/log/lastlog, which has one place for each uid.
[[nodiscard]] Status read_lastlog(Host& host, const std::vector<PasswdEntry>& accounts,
                                  const UtmpLayout& layout, LoginHistory& history);

}  // namespace assay::agent
