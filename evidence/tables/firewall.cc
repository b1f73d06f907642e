#include "evidence/tables/families.h"

namespace assay::evidence {

std::span<const TableSpec> firewall_tables() {
  return {};
}

}  // namespace assay::evidence
