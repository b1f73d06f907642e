// What the courier knows of itself, for `assay-agent status`: courier/status.json.
// Written when something happened, not when time went by. Used by one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/courier/ledger_watch.h"
#include "agent/courier/submission.h"
#include "agent/state/state_folder.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::agent {

struct CourierStatus {
  std::string collector;
  std::string user;     // that it runs as
  std::string warning;  // why it runs with more rights than it should; empty when it does not
  bool is_connected = false;
  std::optional<evidence::Seconds> last_contact;
  std::optional<evidence::Seconds> last_error_at;
  std::optional<Error> last_error;
  std::int64_t spooled = 0;
  std::int64_t set_aside = 0;
  std::optional<evidence::Seconds> last_submission_at;
  SubmissionReport last_submission;
  LedgerReport ledger;  // of the last look that came to something
  std::optional<evidence::Seconds> ledger_checked_at;
  std::optional<evidence::Seconds> certificate_ends;
  std::vector<std::string> ignored;  // of the collector's configuration
};

[[nodiscard]] std::string to_json(const CourierStatus& status);
[[nodiscard]] Status write_status(const StateFolder& state, const CourierStatus& status);

}  // namespace assay::agent
