#include "evidence/tables/families.h"

namespace assay::evidence {

std::span<const TableSpec> access_tables() {
  return {};
}

}  // namespace assay::evidence
