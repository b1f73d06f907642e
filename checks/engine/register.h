// What can be said of the company's register (evidence::Origin::kRegister) where only the evidence
// of a machine is at hand: on the machine itself, or from a bundle. Pure; any thread.
#pragma once

#include <string_view>

#include "checks/engine/evaluation.h"

namespace assay::checks {

[[nodiscard]] bool is_of_register(std::string_view table);

// The groups of a machine are the company's to say; without its register the machine is in none, so
// that only approvals for every machine count. Nothing else is known.
[[nodiscard]] TableSource::Entry register_entry_alone(std::string_view table);
// kNotFound for a table of which nothing is known.
[[nodiscard]] Result<evidence::Table> register_table_alone(std::string_view table);

}  // namespace assay::checks
