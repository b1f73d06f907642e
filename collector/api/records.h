// Waivers and attestations as the API shows them, and those that are in force.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collector/api/present.h"
#include "collector/api/service.h"
#include "collector/records/attestation_scope.h"
#include "collector/records/waiver_scope.h"

namespace assay::collector::api {

// Now, or as of a moment.
[[nodiscard]] Result<WaiversInForce> waivers_in_force(const Service& service,
                                                      std::optional<evidence::Seconds> as_of);
[[nodiscard]] Result<AttestationsInForce> attestations_in_force(
    const Service& service, std::optional<evidence::Seconds> as_of);

// Hosts by id as {"id","name"}; asks the store once for each. For one answer and one thread.
class HostNames {
 public:
  explicit HostNames(const Service& service) : service_(service) {}
  [[nodiscard]] Result<Json> list(const std::vector<std::string>& ids);

 private:
  const Service& service_;
  std::map<std::string, std::string> names_;
};

// With its history, as it was at `when`.
[[nodiscard]] Result<Json> to_json(const Waiver& waiver, const Service& service, HostNames* hosts,
                                   evidence::Seconds when);
[[nodiscard]] Result<Json> to_json(const Attestation& attestation, const Service& service,
                                   HostNames* hosts, evidence::Seconds when);
// What stands beside a finding or control: which, until when, why, who.
[[nodiscard]] Json brief(const Waiver& waiver);
[[nodiscard]] Json brief(const Attestation& attestation);
[[nodiscard]] Json briefs(const std::vector<const Waiver*>& waivers);

// The finding, `waived` where it is covered whole, with the waivers that cover it at least in part.
[[nodiscard]] Json to_json(const Finding& finding, const checks::Content& content,
                           const WaiversInForce::Cover& cover);

}  // namespace assay::collector::api
