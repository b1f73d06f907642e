#include "agent/scan/network/network_source.h"

#include <array>

namespace assay::agent {

std::span<const KnownNetworkSource> network_sources() {
  static const std::array kSources{tls_source(), services_source(), neighbour_source()};
  return kSources;
}

}  // namespace assay::agent
