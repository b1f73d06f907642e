// The plainest PostgreSQL that the machine allows, measured in the same run.
#pragma once

#include <cstddef>
#include <string>

#include "tests/bench/fleet/floors.h"

namespace assay::bench {

// Rows of `bytes` bytes into a table with a digest that is unique, over `connections` at a time,
// `group` in a transaction, each on disk (synchronous_commit) before the next of its connection.
// The CPU is the client's; the server's is that of processes of its own.
[[nodiscard]] Floor postgres_inserts(const std::string& conninfo, std::size_t bytes,
                                     std::size_t connections, std::size_t group);

}  // namespace assay::bench
