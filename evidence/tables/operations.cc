#include "evidence/tables/families.h"

namespace assay::evidence {

std::span<const TableSpec> operations_tables() {
  return {};
}

}  // namespace assay::evidence
