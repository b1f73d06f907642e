// The tables of the SQLite store and how an older file becomes a present one. Forward only.
#pragma once

#include "collector/store/sqlite/database.h"
#include "evidence/result.h"

namespace assay::collector::sqlite {

// Brings the file to this program's version, each step in a transaction of its own.
// kConfiguration when a newer program wrote the file.
[[nodiscard]] Status migrate(Connection& connection);

}  // namespace assay::collector::sqlite
