#include "collector/evaluation/held_against.h"

#include <map>
#include <string_view>
#include <utility>

#include "collector/store/page.h"
#include "evidence/refusal.h"

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
    const auto tell = [&](Text detail) {
      differences_.push_back({subject(said.check_id, said.parameters), std::move(detail)});
    };
    if (question == nullptr) {
      tell(phrase({"nothing of the kind is asked of this host", "不是對這部主機的檢查"}));
      return {};
    }
    const auto& result = *question->result;
    if (said.state != result.state)
      tell(
          phrase({"it says {}, and the evidence comes to {}", "登載為「{}」，由證據判定則為「{}」"},
                 name_of(said.state), name_of(result.state)));
    else if (said.reason != result.reason)
      tell(phrase(
          {"it states another reason than the evidence comes to", "理由與由證據判定的不同"}));
    if (said.frameworks != question->name->frameworks)
      tell(phrase({"it counts for other frameworks than ask for it", "所屬規範與檢查內容不符"}));
    if (said.check_digest != question->name->check_digest)
      tell(phrase({"it names another rule", "依據的規則不符"}));
    const auto kept = stored_(said.key);
    if (!kept && kept.error().code() != Code::kInvalidData) return fail(kept.error());
    if (!kept)
      tell(phrase({"its result cannot be read: {}", "檢查結果無法讀取：{}"}, kept.error().text()));
    else if (*kept == nullptr)
      tell(phrase({"its result is missing", "檢查結果遺失"}));
    else if (**kept != result)
      tell(phrase(
          {"its result is another than the evidence comes to", "檢查結果與由證據判定的不同"}));
    return {};
  }

  void tell_missing() {
    for (const auto& [names, question] : missing_)
      if (!fresh_.unsure.contains(question->name->check_id))
        differences_.push_back(
            {subject(names.first, names.second),
             phrase({"it is missing: the evidence comes to {}", "判定遺失；由證據判定應為 {}"},
                    name_of(question->result->state))});
  }

 private:
  [[nodiscard]] Text subject(std::string_view check_id, std::string_view parameters) const {
    return phrase({"verdict {} {} of host {}", "主機 {2} 的判定 {0} {1}"}, check_id, parameters,
                  host_id_);
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
    const auto tell = [&](Text detail) {
      differences_.push_back({subject(said.id, said.check_id, said.key), std::move(detail)});
    };
    if (said.id != finding_id(host_id_, said.check_id, said.key))
      return tell(phrase({"it stands under another id than its host, check and key have",
                          "識別碼與主機、檢查及鍵值不符"}));
    if (said.state != FindingState::kOpen || fresh_.unsure.contains(said.check_id)) return;
    const auto found = missing_.find(said.id);
    if (found == missing_.end()) {
      if (!doubtful_.contains(said.check_id))
        tell(phrase(
            {"it is open, and the evidence does not show it", "登載為未解決，證據中卻無此事項"}));
      else if (said.is_confirmed)
        tell(phrase({"it is called confirmed, and the evidence does not show it",
                     "登載為已確認，證據中卻無此事項"}));
      return;
    }
    const auto [check, violation] = found->second;
    missing_.erase(found);
    if (!said.is_confirmed)
      tell(phrase({"it is called unconfirmed, and the evidence shows it",
                   "登載為未經確認，證據中卻有此事項"}));
    if (said.row != violation->row)
      tell(phrase({"it shows another row than the evidence", "內容與證據不同"}));
    if (said.severity != check->severity)
      tell(phrase({"it has another severity than its check", "嚴重度與檢查內容不符"}));
    if (said.frameworks != violation->frameworks)
      tell(phrase({"it counts for other frameworks than the evidence comes to",
                   "所屬規範與由證據判定的不同"}));
  }

  void tell_missing() {
    for (const auto& [id, shown] : missing_)
      if (!fresh_.unsure.contains(shown.first->check_id))
        differences_.push_back({subject(id, shown.first->check_id, shown.second->key),
                                phrase({"it is not open, and the evidence shows it",
                                        "證據中有此事項，卻未登載為未解決"})});
  }

 private:
  using Shown = std::pair<const FindingGroup*, const FindingGroup::Member*>;

  [[nodiscard]] Text subject(const evidence::Digest& id, std::string_view check_id,
                             std::string_view key) const {
    return phrase({"finding {} ({} {}) of host {}", "主機 {3} 的發現事項 {0}（{1} {2}）"}, id.hex(),
                  check_id, key, host_id_);
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
