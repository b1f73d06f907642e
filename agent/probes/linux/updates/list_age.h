// How old the lists of packages may be that were fetched last.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "agent/host/host.h"
#include "agent/probes/linux/text/dates.h"

namespace assay::agent {

// dnf looks for newer lists every two days, and every week at the latest as distributions set it;
// the other managers are held to the same.
inline constexpr std::chrono::days kStaleAfter{14};

// The day on which a list was fetched (nanoseconds since 1970), when newer updates may be missing
// in it; nothing of one that is new enough.
[[nodiscard]] inline std::optional<std::string> stale_since(Host& host, std::int64_t fetched_ns) {
  const std::chrono::milliseconds fetched{fetched_ns / 1'000'000};
  if (host.now().time_since_epoch() - fetched <= kStaleAfter) return std::nullopt;
  return date_of_milliseconds(fetched.count()).value_or("an unknown day");
}

}  // namespace assay::agent
