// What `assay-agent scan` answers: tables, checks, controls by framework, costs.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "agent/scan/scan.h"
#include "checks/engine/evaluation.h"
#include "checks/engine/rollup.h"

namespace assay::agent {

struct Costs {
  std::int64_t wall_milliseconds = 0;
  std::int64_t cpu_milliseconds = 0;
  std::int64_t peak_bytes = 0;
};
// Of this process since it began.
[[nodiscard]] Costs costs_so_far();

struct Report {
  const Scan* scan = nullptr;
  const checks::Content* content = nullptr;
  std::string profile;
  std::string host_name;
  std::string host_id;  // empty when not enrolled
  std::vector<checks::Verdict> verdicts;
  std::vector<checks::FrameworkState> frameworks;
  Costs costs;
};

// The JSON of the command line's contract. Each check stands there once, with the worst of its
// verdicts; `verdicts` below it has one entry for each set of parameters.
[[nodiscard]] nlohmann::ordered_json to_json(const Report& report);

}  // namespace assay::agent
