// Table go_binaries.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// Looks at the head of every program of find_programs(), and further into those built by Go.
[[nodiscard]] Result<evidence::Table> collect_go_binaries(Host& host);

inline constexpr std::size_t kMaxGoRows = 60'000;

}  // namespace assay::agent
