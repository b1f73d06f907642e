#include "collector/records/register_tables.h"

#include "collector/records/register_fields.h"
#include "evidence/canonical.h"
#include "evidence/compress.h"

namespace assay::collector {
namespace {

Result<StoredTable> stored(const evidence::Table& table) {
  if (!table.defect().empty()) return fail(Code::kInternal, table.defect());
  const auto bytes = evidence::to_canonical(table);
  if (!bytes) return fail(bytes.error());
  auto frame = evidence::compress(*bytes);
  if (!frame) return fail(frame.error());
  return StoredTable{
      {evidence::sha256(*bytes), table.header().table, static_cast<std::int64_t>(bytes->size()), 0},
      std::move(*frame)};
}

}  // namespace

evidence::Table register_table(const RegisterEntry& entry) {
  evidence::Table table(*evidence::find_table(kRegisterTable));
  const auto fields = fields_of(entry.fields);
  if (fields.empty()) return table;
  evidence::Row row;
  for (const auto& field : register_fields()) row.push_back(value_in(fields, field.name));
  table.add_row(std::move(row));
  return table;
}

evidence::Table groups_table(const RegisterEntry& entry) {
  evidence::Table table(*evidence::find_table(kGroupsTable));
  for (const auto& group : entry.groups) table.add({{"host_group", group}});
  return table;
}

Result<RegisterChange> change_to(RegisterEntry entry) {
  RegisterChange change;
  for (const auto& table : {register_table(entry), groups_table(entry)}) {
    auto kept = stored(table);
    if (!kept) return fail(kept.error());
    change.tables.push_back(std::move(*kept));
  }
  entry.register_table = change.tables[0].facts.digest;
  entry.groups_table = change.tables[1].facts.digest;
  change.entry = std::move(entry);
  return change;
}

}  // namespace assay::collector
