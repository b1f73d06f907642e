// What the recorded verdicts say, rolled up: host by host, and for the whole fleet.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/engine/rollup.h"
#include "collector/api/service.h"
#include "collector/records/attestation_scope.h"
#include "collector/records/waiver_scope.h"

namespace assay::collector::api {

// The verdict that an interval records; nullopt when the content no longer has its check.
[[nodiscard]] std::optional<checks::Verdict> verdict_of(const VerdictInterval& interval,
                                                        const checks::Content& content);

// The verdict of an interval of a host with waivers taken into account: one part for each state
// that it is in for some of its frameworks.
[[nodiscard]] Result<std::vector<WaiversInForce::Part>> with_waivers(
    const Service& service, const WaiversInForce& waivers, const std::string& host_id,
    const VerdictInterval& interval, const checks::Verdict& verdict,
    std::optional<evidence::Seconds> as_of);

struct HostPosture {
  Host host;
  std::vector<checks::FrameworkState> frameworks;  // in the content's order
  bool is_stale = false;                           // see mark_stale()
  std::vector<std::string> groups;                 // as the register had them
  // By framework and check: what covers findings of a failing verdict, whole or in part.
  std::map<std::pair<std::string, std::string>, std::vector<const Waiver*>> waivers;
};

// What people have said that hosts are held against.
struct PostureTerms {
  WaiversInForce waivers;
  AttestationsInForce attestations;
};

// Which hosts are looked at.
struct PostureScope {
  std::vector<std::string> host_ids;  // empty: every active host
  std::string group;                  // empty: of any group and of none
  std::optional<evidence::Seconds> as_of;
};

// A host whose last scan ended before `limit` says nothing of today: whatever its checks said is
// stale, and counts neither as a pass nor as assessed. A host that never sent one is unknown.
void mark_stale(HostPosture* posture, std::optional<evidence::Seconds> last_scan,
                evidence::Seconds limit);

[[nodiscard]] Result<PostureTerms> posture_terms(const Service& service,
                                                 std::optional<evidence::Seconds> as_of);

// Every active host, or those that are named, active or not, now or as of a moment, one after
// another: a fleet is not held. A host that was never judged comes, too, with nothing assessed: it
// must lower the fleet's coverage. Not one that was not enrolled yet. `terms` outlive what is
// taken. kNotFound for a host that there is not, and for a group without a host.
[[nodiscard]] Status each_posture(const Service& service, const PostureScope& scope,
                                  const PostureTerms& terms,
                                  const std::function<void(HostPosture)>& take);
// `?host=`, `?group=`, `?as-of=`.
[[nodiscard]] Result<PostureScope> scope_in(const Service& service, const ApiRequest& request);

}  // namespace assay::collector::api
