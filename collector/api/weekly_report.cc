#include "collector/api/weekly_report.h"

#include <cmath>

#include "collector/api/change.h"
#include "collector/api/posture.h"

namespace assay::collector::api {

namespace {

constexpr const char* kForm = "assay-weekly-report/1";

constexpr std::int64_t kMillion = 1'000'000;

// Where a framework stands over all hosts, as FrameworkStanding says. Counted in whole numbers, so
// that no order of hosts and no two programs come to another figure.
struct Standing {
  std::int64_t hosts = 0;
  std::int64_t passed = 0;
  std::int64_t judged = 0;
  std::int64_t coverage = 0;  // millionths, of each host

  void add(const checks::FrameworkState& state) {
    ++hosts;
    coverage += std::llround(state.coverage * kMillion);
    for (const auto& control : state.controls) {
      const auto outcome = checks::has_passed(control);
      if (!outcome) continue;
      ++judged;
      if (*outcome) ++passed;
    }
  }
  [[nodiscard]] Json json(const std::string& edition) const {
    const auto permille = [](std::int64_t part, std::int64_t whole) {
      return whole == 0 ? Json(nullptr) : Json((part * 1000 + whole / 2) / whole);
    };
    return {{"edition", edition},
            {"hosts", hosts},
            {"score_permille", permille(passed, judged)},
            {"coverage_permille", hosts == 0 ? Json(0) : permille(coverage, hosts * kMillion)}};
  }
};

// By framework, where they stood at a moment by the catalogue of then. One host at a time: the
// verdicts of a fleet are not held.
Result<std::map<std::string, Json>> standing_at(const Service& service, evidence::Seconds when) {
  const auto then = service.as_of(when);
  if (!then) return fail(then.error());
  const auto& frameworks = then->content->frameworks;
  std::vector<Standing> sums(frameworks.size());
  const auto terms = posture_terms(*then, when);
  if (!terms) return fail(terms.error());
  const auto read = each_posture(*then, {{}, "", when}, *terms, [&sums](const HostPosture& host) {
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i].add(host.frameworks.at(i));
  });
  if (!read) return fail(read.error());
  std::map<std::string, Json> standing;
  for (std::size_t i = 0; i < sums.size(); ++i)
    standing[frameworks[i].id] = sums[i].json(frameworks[i].edition);
  return standing;
}

// In the order of the catalogue at the end of the week; null where there was none at its beginning.
Result<Json> frameworks_of(const Service& then, const Week& week) {
  auto before = standing_at(then, week.since);
  if (!before) return fail(before.error());
  auto after = standing_at(then, week.until);
  if (!after) return fail(after.error());
  Json frameworks = Json::array();
  for (const auto& framework : then.content->frameworks) {
    const auto was = before->find(framework.id);
    frameworks.push_back({{"id", framework.id},
                          {"title", to_json(framework.title)},
                          {"before", was == before->end() ? Json(nullptr) : was->second},
                          {"after", (*after)[framework.id]}});
  }
  return frameworks;
}

}  // namespace

Result<std::string> weekly_report(const Service& service, const Week& week) {
  const auto then = service.as_of(week.until);
  if (!then) return fail(then.error());
  const auto changes = lasting_difference(*then, week.since, week.until);
  if (!changes) return fail(changes.error());
  auto frameworks = frameworks_of(*then, week);
  if (!frameworks) return fail(frameworks.error());
  Json report{{"report", kForm}, {"week", week.name}};
  report.update(*changes);
  report["frameworks"] = std::move(*frameworks);
  return report.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace assay::collector::api
