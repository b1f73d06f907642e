// What a collector has set, as the courier left it in courier/settings.json. The
// courier is not trusted with it: the agent checks the bounds again.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/settings/settings.h"
#include "agent/state/state_folder.h"

namespace assay::agent {

struct CollectorSettings {
  std::optional<std::chrono::seconds> scan_interval;  // kMinScanInterval … kMaxScanInterval
  std::optional<std::string> profile;                 // "server" or "pc"
  // Of the Configuration message it came in; empty when there was none.
  std::string configuration_digest;  // 64 hexadecimal digits
  bool operator==(const CollectorSettings&) const = default;
};

// Takes a wish only where it is within bounds; each that is not is described in `*ignored`.
[[nodiscard]] CollectorSettings within_bounds(std::int64_t scan_interval_seconds,
                                              std::string_view profile,
                                              std::vector<std::string>* ignored);

[[nodiscard]] std::string to_json(const CollectorSettings& settings);
// All empty when there is no file, or one that cannot be read.
[[nodiscard]] CollectorSettings read_collector_settings(const StateFolder& state);

// The machine's own settings win where they speak.
void apply(const CollectorSettings& wish, Settings* settings);

}  // namespace assay::agent
