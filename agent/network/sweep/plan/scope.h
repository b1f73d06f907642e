// What may be swept: the machine's own addresses always, others only when the local configuration
// of this agent has them. An exclusion always wins, over everything.
//
// Pure functions. The agent decides by them before it starts the scanner, which does as it is told.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/network/sensor/flow/working_hours.h"
#include "agent/network/sweep/plan/address_set.h"
#include "agent/network/sweep/plan/sweep_plan.h"
#include "evidence/result.h"
#include "evidence/text.h"

namespace assay::agent::sweep {

// The part `sweep` of the local configuration.
struct SweepSettings {
  bool is_scanner = false;  // the agent may sweep `ranges`
  AddressSet ranges;
  AddressSet exclude;
  PortList ports = *ports_from(default_range_ports());
  AddressSet neighbours;  // whose listeners this agent checks, scanner or not
  PortList neighbour_ports = *ports_from(default_range_ports());
  std::uint32_t packets_per_second = 500;     // to others; this machine's own are not counted
  std::string window;                         // `windows` as they were written
  std::vector<sensor::WorkingHours> windows;  // none: at any time
};

// What a person asked for, on top of the settings.
struct SweepRequest {
  std::vector<std::string> targets;      // as range_from(); none: this machine, or its neighbours
  bool is_of_neighbours = false;         // the configured neighbours and nothing else
  std::string ports;                     // empty: those of the settings
  std::vector<std::string> exclude;      // more exclusions
  std::uint32_t packets_per_second = 0;  // 0: the settings'; more than these is not granted
};

// Why not, in words for a person.
struct SweepRefusal {
  Code code = Code::kUsage;
  Text words;
};

struct ScopeFacts {
  AddressSet own;        // loopback is in it, whatever the interfaces say
  std::int64_t now = 0;  // seconds since 1970, UTC
};

// 127.0.0.0/8, ::1, and what else bears one of these addresses, without those of a zone.
[[nodiscard]] AddressSet own_addresses(const std::vector<std::string>& of_interfaces);

// The plan, or the reason why nothing is sent to anybody: kUsage for what cannot be read,
// kConfiguration for a target that the configuration does not have, kUnavailable outside the time
// window, kTooLarge over kMaxAddresses or kMaxProbes.
[[nodiscard]] std::expected<SweepPlan, SweepRefusal> plan_of(const SweepSettings& settings,
                                                             const SweepRequest& request,
                                                             const ScopeFacts& facts);

}  // namespace assay::agent::sweep
