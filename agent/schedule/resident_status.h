// What the agent's process knows of itself, for `assay-agent status`: status.json.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "agent/spool/spool.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::agent {

// What a scan that was spooled tells about itself.
struct ScanOutcome {
  std::int64_t sequence = 0;
  std::int64_t tables = 0;       // collected
  std::int64_t unavailable = 0;  // not collected, each with its reason in the manifest
  std::int64_t probes_run = 0;   // the others had nothing new
};

struct ResidentStatus {
  evidence::Seconds started;
  std::optional<evidence::Seconds> last_scan_at;
  ScanOutcome last_scan;
  std::int64_t last_scan_milliseconds = 0;
  std::optional<evidence::Seconds> last_error_at;
  std::optional<Error> last_error;
  std::optional<evidence::Seconds> next_scan_at;
  SpoolCounts spool;
  bool is_courier_running = false;
  std::int64_t courier_restarts = 0;
  std::string courier_last_end;
};

[[nodiscard]] std::string to_json(const ResidentStatus& status);
// When the last scan was, from a status file of an earlier process.
[[nodiscard]] std::optional<evidence::Seconds> last_scan_in(std::string_view status_json);

}  // namespace assay::agent
