#include "agent/probes/linux/operations/operations.h"

namespace assay::agent {

std::span<const Probe> operations_probes() {
  return {};
}

}  // namespace assay::agent
