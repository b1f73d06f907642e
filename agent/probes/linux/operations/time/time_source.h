// A source of time that some daemon's settings name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/probes/linux/operations/settings/setting_files.h"

namespace assay::agent {

struct TimeSource {
  std::string kind;  // server, pool, peer, refclock, fallback, …
  std::string server;
  std::optional<bool> is_authenticated;  // by NTS or a key
  Place place;
  std::string note;
};

// What the settings of one daemon say.
struct TimeSettings {
  std::vector<TimeSource> sources;
  std::vector<std::string> problems;  // why there may be more than these
};

inline constexpr std::size_t kMaxTimeSources = 1000;

}  // namespace assay::agent
