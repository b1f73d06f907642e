// How regularly a control was looked at: for a control with a frequency, which of the last months,
// quarters … have evidence. Pure: no store, no clock.
//
// A period has evidence of a control on a host when a snapshot was accepted in it, on which, until
// the next one came, a check decided the control and none of its checks was unknown; of a control
// that no check decides, when people attested it on a day of the period. Periods are those of the
// calendar, in UTC.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/engine/content.h"
#include "collector/store/posture_store.h"
#include "evidence/timestamp.h"

namespace assay::collector {

struct Period {
  std::string name;         // 2026-03, 2026-Q1, 2026-H1, 2026, 2025/2026
  evidence::Seconds begin;  // included
  evidence::Seconds end;    // not included
  bool operator==(const Period&) const = default;
};

// The last periods that are over, the oldest first, and behind them the present one: 12 months, 4
// quarters, 2 half-years, 2 years, or one of two years. Empty for a frequency without a figure.
[[nodiscard]] std::vector<Period> periods_of(std::string_view frequency, evidence::Seconds now);

// What is known of one host.
struct HostPast {
  evidence::Seconds enrolled_at;
  std::vector<evidence::Seconds> accepted;  // when its snapshots were, the oldest first
  std::vector<VerdictInterval> verdicts;    // in any order
};

enum class PeriodEvidence {
  kThere,
  kMissing,
  kNotExpected,  // the host was enrolled after the period began, and nothing is there
};

// One answer for each period. `checks` are the ids that decide the control.
[[nodiscard]] std::vector<PeriodEvidence> evidence_in(const std::vector<Period>& periods,
                                                      const HostPast& past,
                                                      std::string_view framework,
                                                      const std::vector<std::string>& checks,
                                                      evidence::Seconds now);

// The same of a control that no check decides: `attested` are the days on which people answered for
// it on the host.
[[nodiscard]] std::vector<PeriodEvidence> attested_in(
    const std::vector<Period>& periods, evidence::Seconds enrolled_at,
    const std::vector<evidence::Seconds>& attested);

// The checks that decide a control: what only supports it does not count.
[[nodiscard]] std::vector<std::string> deciding_checks(const checks::Content& content,
                                                       std::string_view framework,
                                                       std::string_view control);

}  // namespace assay::collector
