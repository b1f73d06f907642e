// How a store is named in the settings and on the command line: sqlite:PATH, postgres:CONNINFO.
#pragma once

#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::collector {

// The connection string in "postgres:host=…" or "postgresql://…"; empty for any other name.
[[nodiscard]] std::string postgres_conninfo(std::string_view name);

// kUsage with what is wrong; good for an empty name, which is store.db in the state folder.
[[nodiscard]] Status check_store_name(std::string_view name);

}  // namespace assay::collector
