// What the company has recorded about one machine, as of one change: the asset register's fields
// and the groups that the machine is in. A change makes a new entry; the one before it ends. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "collector/store/act.h"
#include "evidence/digest.h"
#include "evidence/timestamp.h"

namespace assay::collector {

// By which tables a machine is judged.
struct RegisterTables {
  std::int64_t number = 0;  // RegisterEntry::number; with 0 the tables have no rows
  evidence::Digest register_table;
  evidence::Digest groups_table;
};

struct RegisterEntry {
  std::string host_id;
  std::int64_t number = 0;          // rises with every change of any host; 0: nothing was recorded
  std::string fields = "{}";        // JSON object: columns of host_register that are recorded
  std::vector<std::string> groups;  // sorted
  // The canonical tables that checks read for it, kept with the evidence: see register_tables.h.
  evidence::Digest register_table;
  evidence::Digest groups_table;
  Actor by;
  std::string note;  // why, or from which file; may be empty
  evidence::Seconds since;
  std::optional<evidence::Seconds> until;  // absent: in force

  [[nodiscard]] RegisterTables tables() const { return {number, register_table, groups_table}; }
};

}  // namespace assay::collector
