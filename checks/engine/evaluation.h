// The verdict of checks over tables: a pure function of the content and the
// tables' digests, so that a result is cached once for all hosts that share
// those tables.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checks/engine/content.h"
#include "checks/engine/plan.h"
#include "evidence/digest.h"
#include "evidence/table.h"

namespace assay::checks {

class Workbench;

// In the order in which they weigh when several meet in one control.
enum class State { kPass, kNotApplicable, kManual, kWaived, kStale, kUnknown, kFail };
[[nodiscard]] std::string_view name_of(State state);
[[nodiscard]] std::optional<State> state_from(std::string_view name);

// A row of a query: column names with values, in the query's order.
struct ResultRow {
  std::vector<std::pair<std::string, evidence::Value>> cells;

  friend bool operator==(const ResultRow&, const ResultRow&) = default;
};

// The result of one check under one set of parameter values.
struct CheckResult {
  State state = State::kUnknown;
  std::string reason;            // why unknown or not applicable; empty otherwise
  std::vector<ResultRow> rows;   // the violating rows; at most kMaxResultRows
  std::int64_t row_count = 0;    // of all violating rows
  std::vector<ResultRow> facts;  // what the verdict rests on, if the rule shows any

  friend bool operator==(const CheckResult&, const CheckResult&) = default;
};
inline constexpr std::int64_t kMaxResultRows = 1000;

// One JSON object, fixed key order: how results are cached, stored and shown.
[[nodiscard]] std::string to_json(const CheckResult& result);
[[nodiscard]] Result<CheckResult> result_from_json(std::string_view json);

// The tables of one snapshot, as the engine asks for them.
class TableSource {
 public:
  virtual ~TableSource() = default;
  struct Entry {
    std::optional<evidence::Digest> digest;  // absent when the table is unavailable
    std::string reason;                      // then: why
  };
  // The entry of a host table; an absent table is unavailable with its reason.
  [[nodiscard]] virtual Entry find(std::string_view table) const = 0;
  // The rows of a table whose entry has a digest. Called once per distinct table and evaluation.
  [[nodiscard]] virtual Result<evidence::Table> load(std::string_view table) const = 0;
  // The same without a copy, where the source has the rows already.
  [[nodiscard]] virtual Result<std::shared_ptr<const evidence::Table>> share(
      std::string_view table) const;
};

// A result never changes and is shared by all hosts whose tables lead to it.
using SharedResult = std::shared_ptr<const CheckResult>;

// Remembers results by key (Plan::key). Called from the evaluating thread only.
class ResultCache {
 public:
  virtual ~ResultCache() = default;
  // nullptr when it is not known.
  [[nodiscard]] virtual SharedResult find(const evidence::Digest& key) = 0;
  // Returns the result as find() will give it from now on.
  virtual SharedResult store(const evidence::Digest& key, SharedResult result) = 0;
};

// One check's verdict for those frameworks that share the parameter values.
struct Verdict {
  std::shared_ptr<const Question> question;  // never null
  evidence::Digest key;                      // of the cached result
  SharedResult result;                       // never null

  [[nodiscard]] const Check& check() const { return *question->check; }
  [[nodiscard]] const ParameterValues& parameters() const { return question->parameters; }
  [[nodiscard]] const std::vector<std::string>& frameworks() const { return question->frameworks; }
};

struct EvaluationInput {
  const Content* content = nullptr;
  const TableSource* tables = nullptr;
  std::string profile = "server";
  std::string today;               // YYYY-MM-DD
  ResultCache* cache = nullptr;    // optional
  const Plan* plan = nullptr;      // of this content and profile; made anew without one
  Workbench* workbench = nullptr;  // optional: a database that stays open between hosts
};

struct EvaluationOutcome {
  std::vector<Verdict> verdicts;  // sorted by check id, then parameters
  std::int64_t evaluated = 0;     // how many results were computed and not found in the cache
};

// Never throws; a check that cannot run is `unknown` with the reason.
[[nodiscard]] Result<EvaluationOutcome> evaluate(const EvaluationInput& input);

}  // namespace assay::checks
