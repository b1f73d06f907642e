#include "collector/records/attestation_scope.h"

#include <algorithm>

namespace assay::collector {

AttestationsInForce::AttestationsInForce(std::vector<Attestation> attestations,
                                         const checks::Content& content, evidence::Seconds when,
                                         const GroupMembers& members) {
  for (auto& attestation : attestations) {
    const auto* framework = content.framework(attestation.framework);
    if (attestation.recorded_at > when || framework == nullptr ||
        framework->edition != attestation.edition ||
        attestation.state_at(when) != AttestationState::kInForce)
      continue;
    HostScope hosts(attestation.hosts, attestation.groups, members);
    auto& its = by_control_[{attestation.framework, attestation.control}];
    its.push_back({std::move(attestation), std::move(hosts)});
  }
}

const Attestation* AttestationsInForce::find(const std::string& framework,
                                             const std::string& control,
                                             std::string_view host_id) const {
  const auto found = by_control_.find({framework, control});
  if (found == by_control_.end()) return nullptr;
  const auto its = std::ranges::find_if(
      found->second, [&](const Held& held) { return held.hosts.covers(host_id); });
  return its == found->second.end() ? nullptr : &its->attestation;
}

std::vector<const Attestation*> AttestationsInForce::all(
    const std::string& framework, const std::string& control,
    const std::function<bool(const HostScope&)>& wanted) const {
  std::vector<const Attestation*> out;
  const auto found = by_control_.find({framework, control});
  if (found == by_control_.end()) return out;
  for (const auto& held : found->second)
    if (wanted(held.hosts)) out.push_back(&held.attestation);
  return out;
}

}  // namespace assay::collector
