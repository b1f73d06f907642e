#include "collector/evaluation/second_judgement.h"

#include <algorithm>
#include <utility>

#include "checks/engine/host_evaluation.h"
#include "collector/evaluation/recorded_tables.h"
#include "collector/evaluation/snapshot_tables.h"
#include "collector/records/approvals.h"
#include "evidence/refusal.h"

namespace assay::collector {
namespace {

// A host that is judged again while it is looked at is looked at again this often.
constexpr int kTries = 3;

// nullopt: there is no such entry.
Result<std::optional<RegisterTables>> register_of(RegisterStore& store,
                                                  const EvaluationMark& mark) {
  if (mark.register_entry == 0) return RegisterTables{};
  const auto page =
      store.register_history(mark.host_id, {std::to_string(mark.register_entry + 1), 1});
  if (!page) return fail(page.error());
  if (page->items.empty() || page->items[0].number != mark.register_entry) return std::nullopt;
  return page->items[0].tables();
}

}  // namespace

checks::SharedResult SecondJudgement::Computed::store(const evidence::Digest& key,
                                                      checks::SharedResult result) {
  auto read = checks::result_from_json(checks::to_json(*result));
  if (!read) return result;  // differs from what is stored, if that can be read
  return memory_.store(key, std::make_shared<const checks::CheckResult>(std::move(*read)));
}

SecondJudgement::SecondJudgement(Store& store, std::shared_ptr<const checks::Content> base)
    : store_(store), base_(std::move(base)) {}

Result<std::shared_ptr<const Asked>> SecondJudgement::content_of(const EvaluationMark& mark) {
  const auto known = contents_.find(mark.content);
  if (known != contents_.end()) return known->second;
  if (unknown_contents_.contains(mark.content) || contents_.size() >= kMaxContents) return nullptr;
  auto content = with_approvals(base_, store_, mark.evaluated_at);
  if (!content) return fail(content.error());
  const auto digest = (*content)->digest;
  if (digest != mark.content) {
    unknown_contents_.insert(mark.content);
    return nullptr;
  }
  return contents_.emplace(digest, std::make_shared<const Asked>(std::move(*content)))
      .first->second;
}

Result<checks::SharedResult> SecondJudgement::stored(const evidence::Digest& key) {
  if (auto known = stored_.find(key)) return known;
  const auto json = store_.result(key);
  if (!json && json.error().code() == Code::kNotFound) return nullptr;
  if (!json) return fail(json.error());
  auto result = checks::result_from_json(*json);
  if (!result) return fail(result.error());
  return stored_.store(key, std::make_shared<const checks::CheckResult>(std::move(*result)));
}

Result<FreshJudgement> SecondJudgement::judge(const EvaluationMark& mark, const Asked& asked,
                                              const Snapshot& snapshot,
                                              const RegisterTables& recorded) {
  const auto* questions = asked.of(snapshot.profile);
  if (questions == nullptr)
    return fail(Code::kInvalidData, "store: the profile is " + snapshot.profile);
  const auto manifest = manifest_of(store_, snapshot);
  if (!manifest) return fail(manifest.error());
  const SnapshotTables own(store_, *manifest);
  const RecordedTables tables(own, store_, recorded);
  const checks::EvaluationInput input{
      .content = asked.content.get(), .tables = &tables, .today = mark.day, .cache = &computed_};
  checks::HostEvaluation evaluation(input, questions->plan, bench_);
  const auto seen = hosts_.seen_by(evaluation, *questions);
  FreshJudgement fresh;
  fresh.input = input_digest(*questions, asked.content->digest, snapshot.profile, mark.day, seen);
  fresh.os = os_named_in(own);
  const auto& groups = questions->plan.groups();
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto key = group_key(*questions, i, seen);
    if (auto known = groups_.find(key)) {
      fresh.groups.push_back(std::move(*known));
      continue;
    }
    const auto keys = evaluation.keys(groups[i]);
    const auto verdicts = evaluation.judge(groups[i], keys);
    auto judged = std::make_shared<const JudgedGroup>(
        judged_group(verdicts, questions->outline->questions[i]));
    if (evaluation.has_failed())
      for (const auto& check : judged->checks) fresh.unsure.insert(check.id);
    else
      groups_.keep(key, judged);
    fresh.groups.push_back(std::move(judged));
  }
  for (const auto* failure : {&own.failure(), &tables.failure()})
    if (*failure) return fail(**failure);
  return fresh;
}

Result<SecondJudgement::Outcome> SecondJudgement::look_once(const HostToJudge& host,
                                                            std::vector<Difference>* differences) {
  const auto& mark = host.mark;
  const StoredResult stored_result = [this](const evidence::Digest& key) { return stored(key); };
  const auto compare = [&](const FreshJudgement& fresh) -> Status {
    if (auto done = hold_verdicts_against(store_, mark.host_id, fresh, stored_result, differences);
        !done)
      return done;
    return hold_findings_against(store_, mark.host_id, fresh, differences);
  };
  if (mark.revision == 0) {
    if (auto done = compare({}); !done) return fail(done.error());
    return Outcome::kNeverJudged;
  }
  const auto tell = [&](Text detail) {
    differences->push_back(
        {phrase({"mark of host {}", "主機 {} 的判定紀錄"}, mark.host_id), std::move(detail)});
  };
  const auto snapshot = store_.snapshot(mark.snapshot);
  if (!snapshot && snapshot.error().code() == Code::kNotFound) {
    tell(phrase({"the snapshot that it was judged by is missing", "判定依據的快照遺失"}));
    return Outcome::kJudged;
  }
  if (!snapshot) return fail(snapshot.error());
  if (snapshot->removed_at) return Outcome::kGone;
  if (snapshot->host_id != mark.host_id) {
    tell(phrase({"it was judged by another host's snapshot", "判定依據的快照屬於另一部主機"}));
    return Outcome::kJudged;
  }
  const auto asked = content_of(mark);
  if (!asked) return fail(asked.error());
  if (*asked == nullptr) return Outcome::kOtherContent;
  const auto recorded = register_of(store_, mark);
  if (!recorded) return fail(recorded.error());
  if (!*recorded) {
    tell(phrase(
        {"the register has no entry that it was judged by", "資產清冊沒有判定依據的那一筆"}));
    return Outcome::kJudged;
  }
  const auto fresh = judge(mark, **asked, *snapshot, **recorded);
  if (!fresh) return fail(fresh.error());
  if (fresh->input != mark.input)
    tell(phrase(
        {"it was judged by other inputs than its evidence has", "判定依據的內容與證據不符"}));
  if (mark.scanned_at != std::min(snapshot->ended, mark.evaluated_at))
    tell(phrase({"it states another time than its snapshot", "登載的時間與快照不符"}));
  if (fresh->os && *fresh->os != host.os)
    differences->push_back(
        {phrase({"host {}", "主機 {}"}, mark.host_id),
         phrase({"it runs another system than its evidence names", "作業系統與證據不符"})});
  if (auto done = compare(*fresh); !done) return fail(done.error());
  return Outcome::kJudged;
}

Result<SecondJudgement::Outcome> SecondJudgement::look_at(const std::string& host_id,
                                                          std::vector<Difference>* differences) {
  for (int i = 0; i < kTries; ++i) {
    differences->clear();
    const auto hosts = store_.to_judge({&host_id, 1});
    if (!hosts) return fail(hosts.error());
    if (!hosts->front()) return fail(Code::kNotFound, "no host " + host_id);
    const auto outcome = look_once(*hosts->front(), differences);
    const auto after = store_.mark(host_id);
    if (!after) return fail(after.error());
    if (after->revision == hosts->front()->mark.revision) return outcome;
  }
  differences->clear();
  return Outcome::kBusy;
}

}  // namespace assay::collector
