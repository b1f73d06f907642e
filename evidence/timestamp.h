// Times as evidence writes them: RFC 3339, UTC, whole seconds, a capital T and Z.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::evidence {

using Seconds = std::chrono::sys_seconds;

[[nodiscard]] std::string to_timestamp(Seconds time);  // 2026-11-21T01:02:03Z
[[nodiscard]] std::string to_date(Seconds time);       // 2026-11-21
[[nodiscard]] Result<Seconds> from_timestamp(std::string_view text);
[[nodiscard]] Result<Seconds> from_date(std::string_view text);  // midnight UTC of a real day
[[nodiscard]] bool is_timestamp(std::string_view text);

}  // namespace assay::evidence
