#include "collector/evaluation/held_against.h"

#include <map>
#include <string_view>
#include <utility>

#include "collector/store/page.h"

namespace assay::collector {
namespace {

using Names = std::pair<std::string_view, std::string_view>;  // check, parameters

class Verdicts {
 public:
  Verdicts(const std::string& host_id, const FreshJudgement& fresh, const StoredResult& stored,
           std::vector<Difference>* differences)
      : host_id_(host_id), fresh_(fresh), stored_(stored), differences_(*differences) {
    for (const auto& group : fresh.groups)
      for (const auto& question : group->questions)
        missing_[{question.name->check_id, question.name->parameters}] = &question;
  }

  Status look_at(const VerdictInterval& said) {
    const auto found = missing_.find(Names{said.check_id, said.parameters});
    const auto* question = found == missing_.end() ? nullptr : found->second;
    if (question != nullptr) missing_.erase(found);
    if (fresh_.unsure.contains(said.check_id)) return {};
    const auto tell = [&](std::string detail) {
      differences_.push_back({subject(said.check_id, said.parameters), std::move(detail)});
    };
    if (question == nullptr) {
      tell("nothing of the kind is asked of this host");
      return {};
    }
    const auto& result = *question->result;
    if (said.state != result.state)
      tell("it says " + std::string(name_of(said.state)) + ", and the evidence comes to " +
           std::string(name_of(result.state)));
    else if (said.reason != result.reason)
      tell("it states another reason than the evidence comes to");
    if (said.frameworks != question->name->frameworks)
      tell("it counts for other frameworks than ask for it");
    if (said.check_digest != question->name->check_digest) tell("it names another rule");
    const auto kept = stored_(said.key);
    if (!kept && kept.error().code() != Code::kInvalidData) return fail(kept.error());
    if (!kept)
      tell("its result cannot be read: " + kept.error().message());
    else if (*kept == nullptr)
      tell("its result is missing");
    else if (**kept != result)
      tell("its result is another than the evidence comes to");
    return {};
  }

  void tell_missing() {
    for (const auto& [names, question] : missing_)
      if (!fresh_.unsure.contains(question->name->check_id))
        differences_.push_back({subject(names.first, names.second),
                                "it is missing: the evidence comes to " +
                                    std::string(name_of(question->result->state))});
  }

 private:
  [[nodiscard]] std::string subject(std::string_view check_id, std::string_view parameters) const {
    std::string named("verdict ");
    named.append(check_id).append(" ").append(parameters);
    return named + " of host " + host_id_;
  }

  const std::string& host_id_;
  const FreshJudgement& fresh_;
  const StoredResult& stored_;
  std::vector<Difference>& differences_;
  std::map<Names, const JudgedQuestion*> missing_;  // that no verdict answered yet
};

class Findings {
 public:
  Findings(const std::string& host_id, const FreshJudgement& fresh,
           std::vector<Difference>* differences)
      : host_id_(host_id), fresh_(fresh), differences_(*differences) {
    for (const auto& group : fresh.groups)
      for (const auto& check : group->checks) {
        if (!check.is_certain) doubtful_.insert(check.id);
        if (check.shown == nullptr) continue;
        for (const auto& violation : check.shown->members)
          missing_[finding_id(host_id, check.id, violation.key)] = {check.shown.get(), &violation};
      }
  }

  void look_at(const Finding& said) {
    const auto tell = [&](std::string detail) {
      differences_.push_back({subject(said.id, said.check_id, said.key), std::move(detail)});
    };
    if (said.id != finding_id(host_id_, said.check_id, said.key))
      return tell("it stands under another id than its host, check and key have");
    if (said.state != FindingState::kOpen || fresh_.unsure.contains(said.check_id)) return;
    const auto found = missing_.find(said.id);
    if (found == missing_.end()) {
      if (!doubtful_.contains(said.check_id))
        tell("it is open, and the evidence does not show it");
      else if (said.is_confirmed)
        tell("it is called confirmed, and the evidence does not show it");
      return;
    }
    const auto [check, violation] = found->second;
    missing_.erase(found);
    if (!said.is_confirmed) tell("it is called unconfirmed, and the evidence shows it");
    if (said.row != violation->row) tell("it shows another row than the evidence");
    if (said.severity != check->severity) tell("it has another severity than its check");
    if (said.frameworks != violation->frameworks)
      tell("it counts for other frameworks than the evidence comes to");
  }

  void tell_missing() {
    for (const auto& [id, shown] : missing_)
      if (!fresh_.unsure.contains(shown.first->check_id))
        differences_.push_back({subject(id, shown.first->check_id, shown.second->key),
                                "it is not open, and the evidence shows it"});
  }

 private:
  using Shown = std::pair<const FindingGroup*, const FindingGroup::Member*>;

  [[nodiscard]] std::string subject(const evidence::Digest& id, std::string_view check_id,
                                    std::string_view key) const {
    std::string named("finding " + id.hex() + " (");
    named.append(check_id).append(" ").append(key);
    return named + ") of host " + host_id_;
  }

  const std::string& host_id_;
  const FreshJudgement& fresh_;
  std::vector<Difference>& differences_;
  std::map<evidence::Digest, Shown> missing_;  // that no finding tells of yet
  std::set<std::string_view> doubtful_;        // checks that may show more than they do
};

}  // namespace

Status hold_verdicts_against(PostureStore& store, const std::string& host_id,
                             const FreshJudgement& fresh, const StoredResult& stored,
                             std::vector<Difference>* differences) {
  Verdicts verdicts(host_id, fresh, stored, differences);
  VerdictFilter in_force;
  in_force.host_id = host_id;
  const auto done =
      for_every([&](const PageRequest& page) { return store.verdicts(in_force, page); },
                [&](const VerdictInterval& said) { return verdicts.look_at(said); });
  if (!done) return done;
  verdicts.tell_missing();
  return {};
}

Status hold_findings_against(PostureStore& store, const std::string& host_id,
                             const FreshJudgement& fresh, std::vector<Difference>* differences) {
  Findings findings(host_id, fresh, differences);
  FindingFilter of_host;
  of_host.host_id = host_id;
  const auto done =
      for_every([&](const PageRequest& page) { return store.findings(of_host, page); },
                [&](const Finding& said) -> Status {
                  findings.look_at(said);
                  return {};
                });
  if (!done) return done;
  findings.tell_missing();
  return {};
}

}  // namespace assay::collector
