// Sizes and spans of time as systemd's settings write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace assay::agent {

// "500M", "4G", "1048576": bytes, with the units of 1024. Nothing when it is anything else.
[[nodiscard]] std::optional<std::int64_t> parse_systemd_bytes(std::string_view text);

// "1month", "2w 3d", "90", "90s": seconds; a month has 30.44 days, a year 365.25. "infinity" is 0:
// no limit. Nothing when it is anything else.
[[nodiscard]] std::optional<std::int64_t> parse_systemd_seconds(std::string_view text);

}  // namespace assay::agent
