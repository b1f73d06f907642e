#include "collector/evaluation/cadence.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace assay::collector {
namespace {

using std::chrono::months;
using std::chrono::year;
using std::chrono::year_month;

struct Frequency {
  std::string_view name;
  int months = 1;   // of one period
  int periods = 1;  // that are asked of the past
};
constexpr std::array<Frequency, 5> kFrequencies = {{{"monthly", 1, 12},
                                                    {"quarterly", 3, 4},
                                                    {"half-yearly", 6, 2},
                                                    {"yearly", 12, 2},
                                                    {"two-yearly", 24, 1}}};

evidence::Seconds first_second(year_month month) {
  return std::chrono::sys_days(month / 1);
}

std::string name_of_period(year_month first, int length) {
  const int of_year = static_cast<int>(first.year());
  const unsigned of_month = static_cast<unsigned>(first.month());
  switch (length) {
    case 1: return fmt::format("{:04}-{:02}", of_year, of_month);
    case 3: return fmt::format("{:04}-Q{}", of_year, (of_month - 1) / 3 + 1);
    case 6: return fmt::format("{:04}-H{}", of_year, (of_month - 1) / 6 + 1);
    case 12: return fmt::format("{:04}", of_year);
    default: return fmt::format("{:04}/{:04}", of_year, of_year + 1);
  }
}

// The first month of the period of `length` months that `now` is in. Two years begin with an odd
// one, so that the periods of all companies are the same.
year_month present(evidence::Seconds now, int length) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(now));
  if (length == 24) {
    const int of_year = static_cast<int>(day.year());
    return year(of_year % 2 == 0 ? of_year - 1 : of_year) / 1;
  }
  const unsigned month = static_cast<unsigned>(day.month()) - 1;
  return day.year() /
         std::chrono::month(month / static_cast<unsigned>(length) * static_cast<unsigned>(length) +
                            1);
}

bool feeds(const VerdictInterval& interval, std::string_view framework,
           const std::vector<std::string>& checks) {
  return std::ranges::find(checks, interval.check_id) != checks.end() &&
         std::ranges::find(interval.frameworks, framework) != interval.frameworks.end();
}

bool is_in_force(const VerdictInterval& interval, evidence::Seconds when) {
  return interval.since <= when && (!interval.until || *interval.until > when);
}

bool is_assessed_at(const std::vector<const VerdictInterval*>& intervals, evidence::Seconds when) {
  bool is_judged = false;
  for (const auto* interval : intervals) {
    if (!is_in_force(*interval, when)) continue;
    if (interval->state == checks::State::kUnknown || interval->state == checks::State::kStale)
      return false;
    is_judged = true;
  }
  return is_judged;
}

}  // namespace

std::vector<Period> periods_of(std::string_view frequency, evidence::Seconds now) {
  const auto known = std::ranges::find(kFrequencies, frequency, &Frequency::name);
  if (known == kFrequencies.end()) return {};
  std::vector<Period> periods;
  const auto last = present(now, known->months);
  for (int i = known->periods; i >= 0; --i) {
    const auto first = last - months(i * known->months);
    periods.push_back({name_of_period(first, known->months), first_second(first),
                       first_second(first + months(known->months))});
  }
  return periods;
}

namespace {

PeriodEvidence evidence_of(const Period& period, bool is_there, evidence::Seconds enrolled_at) {
  if (is_there) return PeriodEvidence::kThere;
  return enrolled_at <= period.begin ? PeriodEvidence::kMissing : PeriodEvidence::kNotExpected;
}

}  // namespace

std::vector<PeriodEvidence> evidence_in(const std::vector<Period>& periods, const HostPast& past,
                                        std::string_view framework,
                                        const std::vector<std::string>& checks,
                                        evidence::Seconds now) {
  std::vector<const VerdictInterval*> intervals;
  for (const auto& interval : past.verdicts)
    if (feeds(interval, framework, checks)) intervals.push_back(&interval);
  std::vector<PeriodEvidence> out;
  for (const auto& period : periods) {
    bool is_there = false;
    const auto begin = std::ranges::lower_bound(past.accepted, period.begin);
    for (auto at = begin; !is_there && at != past.accepted.end() && *at < period.end; ++at) {
      // What was judged of it is what was in force when the next one came.
      const auto next = std::next(at);
      const auto last = next == past.accepted.end() ? now : *next - std::chrono::seconds(1);
      is_there = last >= *at && is_assessed_at(intervals, last);
    }
    out.push_back(evidence_of(period, is_there, past.enrolled_at));
  }
  return out;
}

std::vector<PeriodEvidence> attested_in(const std::vector<Period>& periods,
                                        evidence::Seconds enrolled_at,
                                        const std::vector<evidence::Seconds>& attested) {
  std::vector<PeriodEvidence> out;
  for (const auto& period : periods) {
    const bool is_there = std::ranges::any_of(
        attested, [&](evidence::Seconds day) { return day >= period.begin && day < period.end; });
    out.push_back(evidence_of(period, is_there, enrolled_at));
  }
  return out;
}

std::vector<std::string> deciding_checks(const checks::Content& content, std::string_view framework,
                                         std::string_view control) {
  std::vector<std::string> ids;
  for (const auto& check : content.checks)
    for (const auto& mapping : check.mappings)
      if (mapping.framework == framework && mapping.control == control &&
          mapping.proves != checks::Proves::kSupporting) {
        ids.push_back(check.id);
        break;
      }
  return ids;
}

}  // namespace assay::collector
