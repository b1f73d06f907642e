// Table yum_repos: the repositories of dnf, yum and zypper.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// kNotFound on a system that has none of the folders of repositories: it has no such manager.
[[nodiscard]] Result<evidence::Table> collect_yum_repos(Host& host);

}  // namespace assay::agent
