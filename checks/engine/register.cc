#include "checks/engine/register.h"

#include "evidence/canonical.h"
#include "evidence/schema.h"

namespace assay::checks {

namespace {

constexpr std::string_view kGroups = "host_groups";

}  // namespace

bool is_of_register(std::string_view table) {
  const auto* spec = evidence::find_table(table);
  return spec != nullptr && spec->origin == evidence::Origin::kRegister;
}

TableSource::Entry register_entry_alone(std::string_view table) {
  const auto rows = register_table_alone(table);
  if (!rows) return {std::nullopt, rows.error().message()};
  const auto bytes = evidence::to_canonical(*rows);
  if (!bytes) return {std::nullopt, bytes.error().message()};
  return {evidence::sha256(*bytes), {}};
}

Result<evidence::Table> register_table_alone(std::string_view table) {
  if (table != kGroups)
    return fail(Code::kNotFound, "the company's register of machines is with the collector");
  return evidence::Table(*evidence::find_table(kGroups));
}

}  // namespace assay::checks
