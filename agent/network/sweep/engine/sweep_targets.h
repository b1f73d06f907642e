// The addresses of one part of a plan, with what packets to each have in common.
#pragma once

#include <atomic>
#include <vector>

#include "agent/network/sweep/engine/endpoint.h"
#include "agent/network/sweep/engine/target_result.h"

namespace assay::agent::sweep {

// How a part is carried out.
struct SweepOptions {
  std::uint32_t packets_per_second = 0;     // 0: as fast as it goes
  const std::atomic<bool>* stop = nullptr;  // set: end, and tell what was found until then

  std::int64_t until = 0;  // likewise, from this time on: seconds since 1970; 0: never

  [[nodiscard]] bool is_stopped() const;
};

inline constexpr std::string_view kNoRoute = "no route to this address";
inline constexpr std::string_view kStoppedEarly =
    "stopped before the end, by a signal or the end of the time window";

// One result per address in ascending order; one without a source has its note.
[[nodiscard]] std::vector<TargetResult> results_for(const SweepPart& part, SweepMethod method);
[[nodiscard]] std::int64_t seconds_now();

// What every sweep ends with: the time, the answering ports by number, and a note if it was
// stopped.
void finish(std::vector<TargetResult>& results, bool is_stopped);
// What stands in the note when this machine did not let a packet out.
[[nodiscard]] std::string unsent_note(int number);

}  // namespace assay::agent::sweep
