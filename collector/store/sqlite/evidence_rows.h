// Writing tables of evidence, for every transaction that has some.
#pragma once

#include <span>

#include "collector/store/evidence_store.h"
#include "collector/store/sqlite/database.h"

namespace assay::collector::sqlite {

// One that is stored already is passed over.
[[nodiscard]] Status insert_tables(Connection& connection, std::span<const StoredTable> tables);

}  // namespace assay::collector::sqlite
