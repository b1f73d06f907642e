#include "collector/records/attestation_scope.h"

#include <algorithm>

namespace assay::collector {

AttestationsInForce::AttestationsInForce(std::vector<Attestation> attestations,
                                         const checks::Content& content, evidence::Seconds when)
    : attestations_(std::move(attestations)) {
  std::erase_if(attestations_, [&](const Attestation& attestation) {
    const auto* framework = content.framework(attestation.framework);
    return attestation.recorded_at > when || framework == nullptr ||
           framework->edition != attestation.edition ||
           attestation.state_at(when) != AttestationState::kInForce;
  });
  for (std::size_t i = 0; i < attestations_.size(); ++i)
    by_control_[{attestations_[i].framework, attestations_[i].control}].push_back(i);
}

const Attestation* AttestationsInForce::find(const std::string& framework,
                                             const std::string& control,
                                             std::string_view host_id) const {
  for (const auto* attestation : all(framework, control)) {
    const auto& hosts = attestation->hosts;
    if (hosts.empty() || std::ranges::find(hosts, host_id) != hosts.end()) return attestation;
  }
  return nullptr;
}

std::vector<const Attestation*> AttestationsInForce::all(const std::string& framework,
                                                         const std::string& control) const {
  std::vector<const Attestation*> out;
  const auto found = by_control_.find({framework, control});
  if (found == by_control_.end()) return out;
  for (const auto index : found->second) out.push_back(&attestations_[index]);
  return out;
}

}  // namespace assay::collector
