// What the recorded verdicts say, rolled up: host by host, and for the whole fleet.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/engine/rollup.h"
#include "collector/api/service.h"

namespace assay::collector::api {

// The verdict that an interval records; nullopt when the content no longer has its check.
[[nodiscard]] std::optional<checks::Verdict> verdict_of(const VerdictInterval& interval,
                                                        const checks::Content& content);

struct HostPosture {
  Host host;
  std::vector<checks::FrameworkState> frameworks;  // in the content's order
};

// Of every active host, or of one, now or as of a moment. A host that was never judged is there,
// with nothing assessed: it must lower the fleet's coverage.
[[nodiscard]] Result<std::vector<HostPosture>> postures(const Service& service,
                                                        std::string_view host_id,
                                                        std::optional<evidence::Seconds> as_of);

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
