#include "evidence/tables/families.h"

namespace assay::evidence {

std::span<const TableSpec> libraries_tables() {
  return {};
}

}  // namespace assay::evidence
