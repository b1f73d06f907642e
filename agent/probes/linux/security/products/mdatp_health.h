// What "mdatp health --output json" and "mdatp scan list --output json" say, of any version: values
// stand alone or, when they can be managed, in an object with the member "value"; times are
// milliseconds since 1970, as number or text, or a date in words.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "evidence/result.h"

namespace assay::agent {

struct MdatpHealth {
  std::optional<bool> real_time;
  std::optional<bool> passive;
  std::string version;
  std::string definitions_version;
  std::string definitions_date;  // YYYY-MM-DD: when they were last brought up to date
  std::string organisation;      // empty: not onboarded
};
[[nodiscard]] Result<MdatpHealth> parse_mdatp_health(std::string_view text);

// The day on which the latest full scan that succeeded ended; empty when there is none.
[[nodiscard]] Result<std::string> parse_mdatp_scans(std::string_view text);

// antivirusEngine.enforcementLevel of mdatp_managed.json: "real_time", "on_demand", "passive";
// empty when the file does not set it.
[[nodiscard]] Result<std::string> parse_mdatp_policy(std::string_view text);

}  // namespace assay::agent
