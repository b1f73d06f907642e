#include "evidence/tables/families.h"

namespace assay::evidence {

std::span<const TableSpec> agent_tables() {
  return {};
}

}  // namespace assay::evidence
