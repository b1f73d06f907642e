#include "agent/network/tls/audit/findings.h"

#include <algorithm>

namespace assay::agent::tls {

std::optional<Protocol> Findings::highest(Protocol lowest, Protocol highest_wanted) const {
  std::optional<Protocol> found;
  for (const auto protocol : kAllProtocols)
    if (protocol >= lowest && protocol <= highest_wanted && offers(protocol)) found = protocol;
  return found;
}

void Findings::note_chain(const std::vector<std::string>& chain) {
  constexpr std::size_t kMostChains = 8;
  if (chain.empty() || chains.size() == kMostChains ||
      std::ranges::find(chains, chain) != chains.end())
    return;
  chains.push_back(chain);
}

void note(std::optional<bool>& value, bool fact) {
  value = value.value_or(false) || fact;
}

}  // namespace assay::agent::tls
