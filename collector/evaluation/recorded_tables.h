// A snapshot's tables, and beside them those of the register: what a machine says of itself, and
// what the company has recorded about it.
#pragma once

#include "collector/evaluation/snapshot_tables.h"
#include "collector/store/register_entry.h"

namespace assay::collector {

class RecordedTables final : public checks::TableSource {
 public:
  // Both must outlive it.
  RecordedTables(const checks::TableSource& snapshot, EvidenceStore& store, RegisterTables entry)
      : snapshot_(snapshot), store_(store), entry_(entry) {}

  [[nodiscard]] Entry find(std::string_view table) const override;
  [[nodiscard]] Result<evidence::Table> load(std::string_view table) const override;

  // A table of the register that could not be read; as StoredTables::failure().
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

 private:
  const checks::TableSource& snapshot_;
  EvidenceStore& store_;
  const RegisterTables entry_;
  mutable std::optional<Error> failure_;
};

// The digest of a table of the register by which a machine with this entry is judged; nullopt for
// a table that is not the register's.
[[nodiscard]] std::optional<evidence::Digest> register_digest(const RegisterTables& entry,
                                                              std::string_view table);

}  // namespace assay::collector
