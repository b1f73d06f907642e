// What checks read of the register: the tables host_register (one row or none) and host_groups of a
// machine, from what was recorded of it. Pure; any thread.
#pragma once

#include <string_view>

#include "collector/store/register_store.h"
#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::collector {

inline constexpr std::string_view kRegisterTable = "host_register";
inline constexpr std::string_view kGroupsTable = "host_groups";

// No row when no field is recorded.
[[nodiscard]] evidence::Table register_table(const RegisterEntry& entry);
[[nodiscard]] evidence::Table groups_table(const RegisterEntry& entry);

// The change that makes `entry` the one in force: with its tables, and the entry's digests of them.
// `entry.number` is that of the entry that was read before.
[[nodiscard]] Result<RegisterChange> change_to(RegisterEntry entry);

}  // namespace assay::collector
