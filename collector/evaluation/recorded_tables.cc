#include "collector/evaluation/recorded_tables.h"

#include "collector/records/register_tables.h"
#include "evidence/canonical.h"

namespace assay::collector {
namespace {

evidence::Digest digest_without_rows(std::string_view table) {
  const auto bytes = evidence::to_canonical(evidence::Table(*evidence::find_table(table)));
  return bytes ? evidence::sha256(*bytes) : evidence::Digest{};
}

}  // namespace

std::optional<evidence::Digest> register_digest(const RegisterTables& entry,
                                                std::string_view table) {
  static const auto kNoRegister = digest_without_rows(kRegisterTable);
  static const auto kNoGroups = digest_without_rows(kGroupsTable);
  const bool is_recorded = entry.number > 0;
  if (table == kRegisterTable) return is_recorded ? entry.register_table : kNoRegister;
  if (table == kGroupsTable) return is_recorded ? entry.groups_table : kNoGroups;
  return std::nullopt;
}

checks::TableSource::Entry RecordedTables::find(std::string_view table) const {
  if (const auto digest = register_digest(entry_, table)) return {digest, {}};
  return snapshot_.find(table);
}

Result<evidence::Table> RecordedTables::load(std::string_view table) const {
  const auto digest = register_digest(entry_, table);
  if (!digest) return snapshot_.load(table);
  if (entry_.number == 0) return evidence::Table(*evidence::find_table(table));
  auto loaded = load_table(store_, *digest);
  if (!loaded && !failure_) failure_ = loaded.error().within("table " + std::string(table));
  return loaded;
}

}  // namespace assay::collector
