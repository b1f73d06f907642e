#include "collector/records/attested_days.h"

#include "evidence/timestamp.h"

namespace assay::collector {

AttestedDays::AttestedDays(const std::vector<Attestation>& attestations,
                           const checks::Content& content, evidence::Seconds when,
                           const GroupMembers& members) {
  for (const auto& attestation : attestations) {
    const auto* framework = content.framework(attestation.framework);
    const auto day = evidence::from_date(attestation.attested_on);
    if (attestation.recorded_at > when || framework == nullptr ||
        framework->edition != attestation.edition || !day ||
        attestation.state_at(when) == AttestationState::kWithdrawn)
      continue;
    by_control_[{attestation.framework, attestation.control}].push_back(
        {*day, HostScope(attestation.hosts, attestation.groups, members)});
  }
}

std::vector<evidence::Seconds> AttestedDays::of(const std::string& framework,
                                                const std::string& control,
                                                std::string_view host_id) const {
  std::vector<evidence::Seconds> out;
  if (const auto found = by_control_.find({framework, control}); found != by_control_.end())
    for (const auto& day : found->second)
      if (day.hosts.covers(host_id)) out.push_back(day.begin);
  return out;
}

}  // namespace assay::collector
