// Times as settings files write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace assay::agent {

// systemd.time(7): "15min", "1h 30min", "900" in seconds; 0 for "infinity", which never comes.
[[nodiscard]] std::optional<std::int64_t> systemd_seconds(std::string_view text);
// XScreenSaver: "0:10:00", "10:00", "10" minutes, in seconds.
[[nodiscard]] std::optional<std::int64_t> clock_seconds(std::string_view text);

}  // namespace assay::agent
