// What hosts were judged to be: judged once more from the evidence, and each result that is kept.
#include "checks/engine/evaluation.h"
#include "collector/evaluation/second_judgement.h"
#include "collector/fsck/examiner.h"

namespace assay::collector {
namespace {

Status judge_again(Examination& examination, SecondJudgement& again, const Host& host) {
  std::vector<Difference> differences;
  const auto outcome = again.look_at(host.id, &differences);
  if (!outcome)
    return examination.note(phrase({"what host {} was judged by", "主機 {} 的判定依據"}, host.id),
                            outcome.error());
  (*outcome == SecondJudgement::Outcome::kJudged ? examination.counts.judged_again
                                                 : examination.counts.not_judged_again)++;
  for (const auto& one : differences) examination.damage(one.subject, one.detail);
  return {};
}

}  // namespace

Status examine_results(Examination& examination) {
  return for_every([&](const PageRequest& page) { return examination.store.result_keys(page); },
                   [&](const evidence::Digest& key) -> Status {
                     const auto json = examination.store.result(key);
                     if (!json && json.error().code() == Code::kNotFound)
                       return {};  // removed meanwhile
                     ++examination.counts.results;
                     const auto subject = phrase({"result {}", "檢查結果 {}"}, key.hex());
                     if (!json) return examination.note(subject, json.error());
                     if (const auto result = checks::result_from_json(*json); !result)
                       return examination.note(subject, result.error());
                     return {};
                   });
}

Status examine_judgements(Examination& examination) {
  const auto& content = examination.options.content;
  if (content == nullptr) {
    examination.counts.not_judged_again = examination.counts.hosts;
    return {};
  }
  SecondJudgement again(examination.store, content);
  return for_every([&](const PageRequest& page) { return examination.store.hosts("", page); },
                   [&](const Host& host) { return judge_again(examination, again, host); });
}

}  // namespace assay::collector
