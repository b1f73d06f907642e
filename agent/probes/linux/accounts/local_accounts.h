// Tables users, groups, user_groups and shadow: the local accounts, from the
// files of the root that is read. No name service is asked: it would answer for
// another machine when an image is read, and could block.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

[[nodiscard]] Result<evidence::Table> collect_users(Host& host);
[[nodiscard]] Result<evidence::Table> collect_groups(Host& host);
[[nodiscard]] Result<evidence::Table> collect_user_groups(Host& host);

// kPermissionDenied when /etc/shadow may not be read. A password that stands in /etc/passwd itself
// is what counts at login, so its state is what the row says.
[[nodiscard]] Result<evidence::Table> collect_shadow(Host& host);

}  // namespace assay::agent
