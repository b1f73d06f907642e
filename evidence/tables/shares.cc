#include "evidence/tables/families.h"

namespace assay::evidence {

std::span<const TableSpec> shares_tables() {
  return {};
}

}  // namespace assay::evidence
