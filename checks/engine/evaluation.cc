#include "checks/engine/evaluation.h"

#include "checks/engine/host_evaluation.h"
#include "evidence/timestamp.h"

namespace assay::checks {

Result<std::shared_ptr<const evidence::Table>> TableSource::share(std::string_view table) const {
  auto rows = load(table);
  if (!rows) return fail(rows.error());
  return std::make_shared<const evidence::Table>(std::move(*rows));
}

Result<EvaluationOutcome> evaluate(const EvaluationInput& input) {
  if (input.content == nullptr || input.tables == nullptr)
    return fail(Code::kInternal, "evaluation without content or tables");
  if (auto date = evidence::from_date(input.today); !date) return fail(date.error());
  std::optional<Plan> own_plan;
  if (input.plan == nullptr) own_plan.emplace(*input.content, input.profile);
  const Plan& plan = own_plan ? *own_plan : *input.plan;
  Workbench own_workbench(Workbench::For::kOneHost);
  HostEvaluation host(input, plan, input.workbench != nullptr ? *input.workbench : own_workbench);
  EvaluationOutcome outcome;
  outcome.verdicts.resize(plan.questions().size());
  for (const auto& group : plan.groups()) {
    auto verdicts = host.judge(group, host.keys(group));
    for (std::size_t i = 0; i < verdicts.size(); ++i)
      outcome.verdicts[group.questions[i]] = std::move(verdicts[i]);
  }
  outcome.evaluated = host.evaluated();
  return outcome;
}

}  // namespace assay::checks
