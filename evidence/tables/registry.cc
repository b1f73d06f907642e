#include <algorithm>
#include <array>
#include <functional>
#include <vector>

#include "evidence/schema.h"
#include "evidence/tables/families.h"

namespace assay::evidence {
namespace {

// Those first that are asked for alone, by programs that live for milliseconds.
constexpr std::array kFamilies = {
    tls_tables,       services_tables, sweep_tables,      observed_tables, system_tables,
    software_tables,  bundle_tables,   account_tables,    network_tables,  security_tables,
    libraries_tables, updates_tables,  access_tables,     firewall_tables, shares_tables,
    hardening_tables, files_tables,    operations_tables, agent_tables,    support_tables,
    approval_tables,  class_tables,    name_tables,       register_tables};

std::vector<const TableSpec*> sorted_by_name() {
  std::vector<const TableSpec*> tables;
  for (const auto family : kFamilies)
    for (const auto& table : family()) tables.push_back(&table);
  std::ranges::sort(tables, std::ranges::less{}, &TableSpec::name);
  return tables;
}

}  // namespace

std::span<const TableSpec* const> all_tables() {
  static const std::vector<const TableSpec*> kTables = sorted_by_name();
  return kTables;
}

const TableSpec* find_table(std::string_view name) {
  // A family is declared when it is first looked into: declaring all takes longer than an audit of
  // a small server.
  for (const auto family : kFamilies)
    for (const auto& table : family())
      if (table.name == name) return &table;
  return nullptr;
}

}  // namespace assay::evidence
