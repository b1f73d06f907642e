#include "agent/probes/linux/network/observed_capture.h"

#include "evidence/schema.h"

namespace assay::agent {

Result<evidence::Table> collect_observed_capture(Host&) {
  return evidence::Table(*evidence::find_table("observed_capture"));
}

}  // namespace assay::agent
