// "Nothing is installed" is only true of a system that is there: a folder that
// was empty, or mounted wrongly, is no evidence of anything.
#pragma once

#include "agent/host/host.h"
#include "evidence/table.h"

namespace assay::agent {

// The table, unless it is empty and there is no /var/lib, where each of these installers would
// have left its traces: then kNotFound.
[[nodiscard]] inline Result<evidence::Table> unless_nothing_was_there(Host& host,
                                                                      evidence::Table table) {
  if (!table.rows().empty()) return table;
  if (const auto status = host.status("/var/lib"); !status) return fail(status.error());
  return table;
}

}  // namespace assay::agent
