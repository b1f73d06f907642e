// When people work, so that connections outside these hours can be told.
//
// "Mon-Fri 08:00-18:00 +08:00": days, hours, and the offset of local time from UTC. The end is
// outside. Holidays are not known.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::agent::sensor {

struct WorkingHours {
  unsigned days = 0;  // bit 0: Monday … bit 6: Sunday
  int begin_minute = 0;
  int end_minute = 0;  // not before the beginning; at most 24:00
  int offset_minutes = 0;

  // `seconds` since 1970, UTC.
  [[nodiscard]] bool has(std::int64_t seconds) const;
};

// kUsage names what is wrong. Days: Mon-Fri, or Mon,Tue,Sat.
[[nodiscard]] Result<WorkingHours> working_hours_from(std::string_view text);

}  // namespace assay::agent::sensor
