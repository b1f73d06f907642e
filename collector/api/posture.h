// What the recorded verdicts say, rolled up: host by host, and for the whole fleet.
#pragma once

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

// The verdict of an interval with waivers taken into account: one part for each state that it is in
// for some of its frameworks.
[[nodiscard]] Result<std::vector<WaiversInForce::Part>> with_waivers(
    const Service& service, const WaiversInForce& waivers, const VerdictInterval& interval,
    const checks::Verdict& verdict, std::optional<evidence::Seconds> as_of);

struct HostPosture {
  Host host;
  std::vector<checks::FrameworkState> frameworks;  // in the content's order
  bool is_stale = false;                           // see mark_stale()
  std::vector<std::string> groups;                 // as the register had them
  // By framework and check: what covers findings of a failing verdict, whole or in part.
  std::map<std::pair<std::string, std::string>, std::vector<const Waiver*>> waivers;
};

struct Postures {
  std::vector<HostPosture> hosts;
  WaiversInForce waivers;  // those that the hosts point to
  AttestationsInForce attestations;
};

// Which hosts are looked at.
struct PostureScope {
  std::string host_id;  // empty: every active host
  std::string group;    // empty: of any group and of none
  std::optional<evidence::Seconds> as_of;
};

// A host whose last scan ended before `limit` says nothing of today: whatever its checks said is
// stale, and counts neither as a pass nor as assessed. A host that never sent one is unknown.
void mark_stale(HostPosture* posture, std::optional<evidence::Seconds> last_scan,
                evidence::Seconds limit);

// Of every active host, or of one, now or as of a moment. A host that was never judged is there,
// with nothing assessed: it must lower the fleet's coverage.
// kNotFound for a group without a host.
[[nodiscard]] Result<Postures> postures(const Service& service, const PostureScope& scope);
// `?host=`, `?group=`, `?as-of=`.
[[nodiscard]] Result<PostureScope> scope_in(const Service& service, const ApiRequest& request);

// One control over several hosts: the worst state wins.
struct FleetControl {
  checks::ControlState worst;
  std::map<checks::State, std::int64_t> hosts;  // how many hosts are in which state
};
[[nodiscard]] std::vector<FleetControl> fleet_controls(const std::vector<HostPosture>& hosts,
                                                       std::size_t framework);

// Over all pairs of host and control: the part of the assessed ones that passed, and the part that
// was assessed (the mean of the hosts' coverage).
struct FleetScore {
  std::optional<double> score;
  double coverage = 0;
};
[[nodiscard]] FleetScore fleet_score(const std::vector<HostPosture>& hosts, std::size_t framework);

}  // namespace assay::collector::api
