#include "collector/ports/port_view.h"

#include <algorithm>

namespace assay::collector {

std::string_view name_of(Agreement agreement) {
  switch (agreement) {
    case Agreement::kAgrees: return "agrees";
    case Agreement::kUnlisted: return "unlisted";
    case Agreement::kReachedDespite: return "reached_despite";
    case Agreement::kNotReached: return "not_reached";
    case Agreement::kReachedUnjudged: return "reached_unjudged";
    case Agreement::kNotMeasured: return "not_measured";
    case Agreement::kUnknown: return "unknown";
  }
  return "unknown";
}

std::string_view name_of(ProbeView::State state) {
  switch (state) {
    case ProbeView::State::kOpen: return "open";
    case ProbeView::State::kOpenOrFiltered: return "open|filtered";
    case ProbeView::State::kNotOpen: return "not_open";
  }
  return "not_open";
}

std::string_view name_of(Reach reach) {
  switch (reach) {
    case Reach::kLoopbackOnly: return "loopback_only";
    case Reach::kFiltered: return "filtered";
    case Reach::kUnknown: return "unknown";
    case Reach::kReachable: return "reachable";
  }
  return "unknown";
}

Agreement agreement_of(const PortView& view, bool has_own_view, std::int64_t since) {
  const auto has = [&view](ProbeView::State state) {
    return std::ranges::any_of(view.probes,
                               [=](const auto& probe) { return probe.state == state; });
  };
  const bool is_open = has(ProbeView::State::kOpen);
  const bool is_seen = std::ranges::any_of(view.sightings, [since](const auto& sighting) {
    return sighting.answered > 0 && sighting.last_seen && *sighting.last_seen >= since;
  });
  if (is_open || is_seen) {
    if (!has_own_view) return Agreement::kUnknown;
    if (!view.own) return Agreement::kUnlisted;
    switch (view.own->reach) {
      case Reach::kReachable: return Agreement::kAgrees;
      case Reach::kUnknown: return Agreement::kReachedUnjudged;
      case Reach::kFiltered:
      case Reach::kLoopbackOnly: return Agreement::kReachedDespite;
    }
  }
  // An answer that says neither is no measure.
  if (!has(ProbeView::State::kNotOpen)) return Agreement::kNotMeasured;
  if (!view.own) return has_own_view ? Agreement::kAgrees : Agreement::kUnknown;
  const bool is_shut =
      view.own->reach == Reach::kLoopbackOnly || view.own->reach == Reach::kFiltered;
  return is_shut ? Agreement::kAgrees : Agreement::kNotReached;
}

}  // namespace assay::collector
