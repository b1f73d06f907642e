#include "evidence/tables/families.h"

namespace assay::evidence {

std::span<const TableSpec> updates_tables() {
  return {};
}

}  // namespace assay::evidence
