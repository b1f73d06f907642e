// The tables of the PostgreSQL store and how an older database becomes a present one. Forward only.
#pragma once

#include <cstdint>

#include "collector/store/postgres/connection.h"
#include "evidence/result.h"

namespace assay::collector::postgres {

// The version that this program writes: the number of steps it knows.
[[nodiscard]] std::int64_t newest_version();

// The version of the database; 0 when nothing of ours is in it.
[[nodiscard]] Result<std::int64_t> version_of(Connection& connection);

// Brings it to a version (up to the newest), each step in a transaction of its own, under a lock
// that keeps other collectors from doing the same. kConfiguration when a program that knows more
// steps was there.
[[nodiscard]] Status migrate(Connection& connection, std::int64_t wanted);

// Makes the parts of the tables that are kept by year for the year of `time` (Unix seconds) and
// the one after it, where they are missing.
[[nodiscard]] Status ensure_years(Connection& connection, std::int64_t time);
[[nodiscard]] std::int64_t year_of(std::int64_t time);

}  // namespace assay::collector::postgres
