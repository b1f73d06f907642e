// What begins together on a host, as it is the same on many: made once, and then only named.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "checks/engine/content.h"
#include "collector/store/posture_store.h"
#include "evidence/digest.h"

namespace assay::collector {

// ",a,b,": so that instr(frameworks, ',a,') finds one. "," for none. As stores keep them.
[[nodiscard]] std::string join_frameworks(const std::vector<std::string>& frameworks);

// Verdicts on checks of one family.
struct VerdictGroup {
  std::string family;
  VerdictSet verdicts;      // by check and parameters
  evidence::Digest digest;  // of all that they say
};
// Leaves hosts and times out.
[[nodiscard]] SharedVerdictGroup verdict_group(std::string family,
                                               std::vector<VerdictInterval> verdicts);
// What ids of checks begin with: PWD of PWD-012.
[[nodiscard]] std::string_view family_of(std::string_view check_id);

// What findings of a check say.
struct FindingGroup {
  struct Member {
    std::string key;
    std::string row;
    std::vector<std::string> frameworks;
  };
  std::string check_id;
  checks::Severity severity{};
  std::vector<Member> members;
  evidence::Digest digest;  // of the members
};
[[nodiscard]] SharedFindingGroup finding_group(std::string check_id, checks::Severity severity,
                                               std::vector<FindingGroup::Member> members);

}  // namespace assay::collector
