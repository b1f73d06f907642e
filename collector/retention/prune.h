// Removes what is older than it must be kept (collector/store/retention_store.h says what that is),
// batch by batch, while any number of collectors serve. One that broke off is begun again: what is
// gone is gone, and the rest goes then.
#pragma once

#include <cstdint>

#include "collector/retention/terms.h"
#include "collector/store/store.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

// What goes, or would. Results of checks are not counted before they are removed.
struct Prunable {
  evidence::Seconds horizon;  // evidence that was last in force before it
  std::int64_t snapshots = 0;
  std::int64_t tables = 0;
  History history;

  [[nodiscard]] bool is_empty() const {
    return snapshots == 0 && tables == 0 && history.verdicts == 0 && history.findings == 0;
  }
};

// kConflict when this clock cannot be trusted with it: half of the hosts that were heard of in the
// last 31 days, or all there are, ended their scans by their own clocks longer ago than that.
[[nodiscard]] Status check_clock(Store& store, evidence::Seconds now);

// kInvalidData when a manifest that is kept cannot be read, so that nobody knows which tables it
// needs.
[[nodiscard]] Result<Prunable> prunable(Store& store, const RetentionTerms& terms,
                                        evidence::Seconds now);

// After check_clock(). Nothing is put on record when there is nothing to remove.
[[nodiscard]] Result<Removal> prune(Store& store, const RetentionTerms& terms,
                                    evidence::Seconds now);

}  // namespace assay::collector
