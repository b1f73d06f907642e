#include <algorithm>
#include <functional>
#include <vector>

#include "evidence/schema.h"
#include "evidence/tables/families.h"

namespace assay::evidence {
namespace {

std::vector<const TableSpec*> sorted_by_name() {
  std::vector<const TableSpec*> tables;
  for (const auto family :
       {system_tables(),   software_tables(),   bundle_tables(),    account_tables(),
        network_tables(),  security_tables(),   libraries_tables(), updates_tables(),
        access_tables(),   firewall_tables(),   shares_tables(),    hardening_tables(),
        files_tables(),    operations_tables(), agent_tables(),     tls_tables(),
        observed_tables(), services_tables(),   sweep_tables(),     support_tables(),
        approval_tables(), class_tables(),      name_tables(),      register_tables()})
    for (const auto& table : family) tables.push_back(&table);
  std::ranges::sort(tables, std::ranges::less{}, &TableSpec::name);
  return tables;
}

}  // namespace

std::span<const TableSpec* const> all_tables() {
  static const std::vector<const TableSpec*> kTables = sorted_by_name();
  return kTables;
}

const TableSpec* find_table(std::string_view name) {
  const auto tables = all_tables();
  const auto found = std::ranges::lower_bound(tables, name, std::ranges::less{}, &TableSpec::name);
  return found != tables.end() && (*found)->name == name ? *found : nullptr;
}

}  // namespace assay::evidence
