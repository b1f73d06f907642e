// Which controls the attestations in force at one moment answer for. Like waivers they are taken
// into account when something is read; an attestation is of one edition and says nothing of the
// next.
//
// Pure, and safe from any thread once made.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/engine/content.h"
#include "collector/records/host_scope.h"
#include "collector/store/attestation.h"

namespace assay::collector {

class AttestationsInForce {
 public:
  AttestationsInForce() = default;
  // Keeps those of `attestations` (the newest first) that are in force at `when`, and of the
  // editions in the content; `members` are the groups of then.
  AttestationsInForce(std::vector<Attestation> attestations, const checks::Content& content,
                      evidence::Seconds when, const GroupMembers& members = {});

  // The newest that answers for the control on the host; nullptr when there is none.
  [[nodiscard]] const Attestation* find(const std::string& framework, const std::string& control,
                                        std::string_view host_id) const;
  // All of a control whose hosts are `wanted`; the newest first.
  [[nodiscard]] std::vector<const Attestation*> all(
      const std::string& framework, const std::string& control,
      const std::function<bool(const HostScope&)>& wanted) const;

 private:
  struct Held {
    Attestation attestation;
    HostScope hosts;
  };
  std::map<std::pair<std::string, std::string>, std::vector<Held>> by_control_;
};

}  // namespace assay::collector
