// The tables of the SQLite store and how an older file becomes a present one. Forward only.
#pragma once

#include "collector/store/sqlite/database.h"
#include "evidence/result.h"

namespace assay::collector::sqlite {

// The version that this program writes: the number of steps it knows.
[[nodiscard]] std::int64_t newest_version();

// The version of the file.
[[nodiscard]] Result<std::int64_t> version_of(Connection& connection);

// Brings the file to a version (up to the newest), each step in a transaction of its own.
// kConfiguration when a program that knows more steps wrote the file.
[[nodiscard]] Status migrate(Connection& connection, std::int64_t wanted);

}  // namespace assay::collector::sqlite
