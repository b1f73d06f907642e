#include "evidence/tables/families.h"

namespace assay::evidence {

std::span<const TableSpec> hardening_tables() {
  return {};
}

}  // namespace assay::evidence
