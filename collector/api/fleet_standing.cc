#include "collector/api/fleet_standing.h"

namespace assay::collector::api {

void FrameworkStanding::add(const checks::FrameworkState& state) {
  coverages_.push_back(state.coverage);
  for (std::size_t i = 0; i < state.controls.size(); ++i) {
    const auto& its = state.controls[i];
    if (controls_.size() <= i) controls_.push_back({its, {}});
    auto& control = controls_[i];
    ++control.hosts[its.state];
    // Reasons and checks come from the host that is worst off.
    const bool is_worse = its.state > control.worst.state;
    const bool passes_beside =
        control.worst.state == checks::State::kNotApplicable && its.state == checks::State::kPass;
    const bool only_not_applicable =
        control.worst.state == checks::State::kPass && its.state == checks::State::kNotApplicable;
    if ((is_worse && !only_not_applicable) || passes_beside) control.worst = its;
    const auto outcome = checks::has_passed(its);
    if (!outcome) continue;
    ++judged_;
    if (*outcome) ++passed_;
  }
}

FleetScore FrameworkStanding::score() const {
  FleetScore out;
  for (const auto coverage : coverages_)
    out.coverage += coverage / static_cast<double>(coverages_.size());
  if (judged_ > 0) out.score = static_cast<double>(passed_) / static_cast<double>(judged_);
  return out;
}

void FleetStanding::add(const HostPosture& host) {
  ++hosts_;
  if (host.is_stale) ++stale_hosts_;
  for (std::size_t i = 0; i < frameworks_.size(); ++i) frameworks_[i].add(host.frameworks.at(i));
}

}  // namespace assay::collector::api
