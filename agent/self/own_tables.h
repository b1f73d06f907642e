// What the agent tells of itself: tables that no Host can show. They are filled
// from the agent's settings, its state folder and what a scan has measured.
//
// Each function returns the whole table or an Error, as a probe does.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "agent/host/budget_host.h"
#include "agent/settings/settings.h"
#include "evidence/result.h"
#include "evidence/table.h"

namespace assay::agent {

struct OwnFacts {
  const Settings* settings = nullptr;
  std::string collector;  // HOST:PORT instead of the settings' and the enrolled one; empty: those
};

// kPermissionDenied: the identity belongs to another user, so it is not known whether there is one.
[[nodiscard]] Result<evidence::Table> agent_info(const OwnFacts& facts);
[[nodiscard]] Result<evidence::Table> agent_gaps(const OwnFacts& facts);

struct ProbeCost {
  std::string_view probe;
  Cost cost;
};
// What the walk that several probes share is called.
inline constexpr std::string_view kWalkName = "walk";
[[nodiscard]] evidence::Table agent_costs(std::span<const ProbeCost> costs);

}  // namespace assay::agent
