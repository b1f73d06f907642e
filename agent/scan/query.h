// SQL over a machine: only the probes whose tables the query reads are run.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/host/host.h"
#include "agent/settings/settings.h"
#include "checks/engine/database.h"

namespace assay::agent {

struct NetworkLook;  // network/network_look.h

// As for a rule: a query may only read, and reference tables and `clock` are there too.
// kConfiguration: the SQL is wrong. Any other error: a table that it reads is not available; its
// rows are then not known to be none.
// Without `network`, the tables that assay-scanner fills are not available.
// The settings say where the company's own reference tables are, and what agent_info tells.
[[nodiscard]] Result<checks::QueryResult> run_query(Host& host, std::string_view sql,
                                                    const Settings& settings,
                                                    const NetworkLook* network = nullptr);

inline constexpr std::int64_t kMaxQueryRows = 1'000'000;

}  // namespace assay::agent
