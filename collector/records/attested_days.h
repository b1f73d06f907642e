// On which days people attested the controls, whether or not what they said then is still in force:
// how regularly what no check decides was looked at. What was withdrawn was said in error and is no
// such day; what a newer attestation superseded is. Attestations are of one edition.
//
// Pure, and safe from any thread once made.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/engine/content.h"
#include "collector/records/host_scope.h"
#include "collector/store/attestation.h"

namespace assay::collector {

class AttestedDays {
 public:
  // `members` are the groups of `when`, by which whom an attestation is about is told.
  AttestedDays(const std::vector<Attestation>& attestations, const checks::Content& content,
               evidence::Seconds when, const GroupMembers& members);

  // The beginnings of the days (UTC) on which the control of the host was attested; in any order.
  [[nodiscard]] std::vector<evidence::Seconds> of(const std::string& framework,
                                                  const std::string& control,
                                                  std::string_view host_id) const;

 private:
  struct Day {
    evidence::Seconds begin;
    HostScope hosts;
  };
  std::map<std::pair<std::string, std::string>, std::vector<Day>> by_control_;
};

}  // namespace assay::collector
