// A machine whose clock is wrong: its evidence is taken, and somebody is told.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "collector/store/evidence_store.h"
#include "evidence/timestamp.h"

namespace assay::collector {

// What no path through a network and no clock that is kept right explains.
inline constexpr std::chrono::seconds kMostClockDifference{120};

// `ahead`: the machine's clock minus ours, negative when it is behind. nullopt within
// kMostClockDifference. In words that stay the same while the difference does, so that it is one
// event, counted: "its clock is 3 d behind".
[[nodiscard]] std::optional<Event> clock_event(const std::string& host_id,
                                               std::chrono::seconds ahead, evidence::Seconds now);

// The same of a scan that ended at `ended` by the machine's clock and comes now: later than now,
// or before `certified`, from when on the certificate that it is signed with was valid.
[[nodiscard]] std::optional<Event> clock_event_of_scan(const std::string& host_id,
                                                       evidence::Seconds ended,
                                                       evidence::Seconds certified,
                                                       evidence::Seconds now);

}  // namespace assay::collector
