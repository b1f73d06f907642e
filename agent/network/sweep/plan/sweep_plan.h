// What the scanner is told to sweep: the agent has decided it (scope.h), the scanner carries it
// out.
//
// As text, one word and its value a line:
//   rate 500
//   method auto
//   until 1795903200
//   exclude 192.0.2.9
//   scanner ports 1-1024,U:53
//   scanner target 192.0.2.0-192.0.2.255
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/network/sweep/plan/address_set.h"
#include "agent/network/sweep/plan/port_list.h"
#include "evidence/result.h"

namespace assay::agent::sweep {

// More than these are refused: a sweep keeps a few bytes for each until it ends.
inline constexpr std::uint64_t kMaxAddresses = 65'536;
inline constexpr std::uint64_t kMaxProbes = 6'000'000;
inline constexpr std::uint32_t kMaxPacketsPerSecond = 100'000;

// In whose name an address is swept.
enum class Role : std::uint8_t { kOwn, kScanner, kNeighbour };
[[nodiscard]] std::string_view name_of(Role role);

enum class WantedMethod : std::uint8_t {
  kAuto,  // half-open where the right to a raw socket is there, else connect()
  kSyn,   // half-open or nothing
  kConnect,
};

struct SweepPart {
  Role role = Role::kOwn;
  AddressSet targets;
  PortList ports;
  bool operator==(const SweepPart&) const = default;
};

struct SweepPlan {
  std::vector<SweepPart> parts;  // one per role at most
  // Taken off every part once more by whoever carries the plan out.
  AddressSet exclude;
  std::uint32_t packets_per_second = 500;  // 0: as fast as it goes. Own addresses: always so
  WantedMethod method = WantedMethod::kAuto;
  // When the time window closes, in seconds since 1970: others are left alone from then on. 0:
  // never.
  std::int64_t until = 0;
  bool operator==(const SweepPlan&) const = default;
};

// Whether it is within the limits above.
[[nodiscard]] bool is_within_limits(const SweepPlan& plan);

[[nodiscard]] std::string to_text(const SweepPlan& plan);
// kInvalidData for anything that to_text() does not write, and for what is over the limits above.
[[nodiscard]] Result<SweepPlan> plan_from(std::string_view text);

}  // namespace assay::agent::sweep
