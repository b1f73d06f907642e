// By which terms of the settings answers were given, since when: from when on a host's last scan
// says nothing of today, and to whom the documents' controls are put.
//
// Safe from any thread. A write is durable when the call returns; a call that fails has written
// nothing. Nothing is ever changed or removed. Any call may fail with kNoSpace, kUnavailable (busy
// or away: try again) or kIo.
#pragma once

#include <chrono>

#include "checks/engine/applicability.h"
#include "collector/store/meter.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

struct Terms {
  std::chrono::seconds stale_after{0};
  // What it does not say of itself stays apart from saying that it has none.
  checks::Organisation organisation;
};

// Whether answers are the same by both; in which order kinds are named does not matter.
[[nodiscard]] bool is_same(const Terms& one, const Terms& other);

class TermsStore : public virtual Metered {
 public:
  virtual ~TermsStore() = default;

  // From `now` on, with the act `terms_set`. Nothing where the latest ones are the same. kUsage for
  // a time of nothing, or less.
  [[nodiscard]] Status add_terms(const Terms& terms, evidence::Seconds now);
  // Those in force at `when`; of a time before the first, the first. kNotFound while there are
  // none.
  [[nodiscard]] Result<Terms> terms_at(evidence::Seconds when);

 private:
  virtual Status do_add_terms(const Terms& terms, evidence::Seconds now) = 0;
  virtual Result<Terms> do_terms_at(evidence::Seconds when) = 0;
};

}  // namespace assay::collector
