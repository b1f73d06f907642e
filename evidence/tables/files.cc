#include "evidence/tables/families.h"

namespace assay::evidence {

std::span<const TableSpec> files_tables() {
  return {};
}

}  // namespace assay::evidence
