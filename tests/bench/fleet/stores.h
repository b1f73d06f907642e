// Where the collector under test keeps its evidence: SQLite in its state folder, or a PostgreSQL
// server that the bench has started.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "collector/store/store.h"

namespace assay::bench {

// `conninfo` as libpq reads it; empty: the folder's own store.db. With as many connections as a
// collector has. Throws.
[[nodiscard]] std::unique_ptr<collector::Store> open_store(const std::string& state,
                                                           const std::string& conninfo);

// CPU that the children of `process` have used so far, and those of them that have ended, seconds:
// all of a PostgreSQL server.
[[nodiscard]] double cpu_with_children(pid_t process);

}  // namespace assay::bench
