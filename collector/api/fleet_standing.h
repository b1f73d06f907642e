// Where hosts that are looked at together stand: added one at a time, and not held.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "checks/engine/rollup.h"
#include "collector/api/posture.h"

namespace assay::collector::api {

// One control over several hosts: the worst state wins.
struct FleetControl {
  checks::ControlState worst;
  std::map<checks::State, std::int64_t> hosts;  // how many hosts are in which state
};

// Over all pairs of host and control: the part of the assessed ones that passed, and the part that
// was assessed (the mean of the hosts' coverage).
struct FleetScore {
  std::optional<double> score;
  double coverage = 0;
};

// Of one framework.
class FrameworkStanding {
 public:
  void add(const checks::FrameworkState& state);
  [[nodiscard]] const std::vector<FleetControl>& controls() const { return controls_; }
  [[nodiscard]] FleetScore score() const;

 private:
  std::vector<FleetControl> controls_;  // in the catalogue's order
  std::int64_t passed_ = 0;
  std::int64_t judged_ = 0;
  // Of each host, in turn: how they are added up decides the last digit, and an answer or a pack
  // that is made again is the same to the byte.
  std::vector<double> coverages_;
};

// Of all frameworks, in the content's order.
class FleetStanding {
 public:
  explicit FleetStanding(const checks::Content& content) : frameworks_(content.frameworks.size()) {}

  void add(const HostPosture& host);
  [[nodiscard]] std::int64_t hosts() const { return hosts_; }
  [[nodiscard]] std::int64_t stale_hosts() const { return stale_hosts_; }
  [[nodiscard]] const FrameworkStanding& framework(std::size_t index) const {
    return frameworks_.at(index);
  }

 private:
  std::vector<FrameworkStanding> frameworks_;
  std::int64_t hosts_ = 0;
  std::int64_t stale_hosts_ = 0;
};

}  // namespace assay::collector::api
