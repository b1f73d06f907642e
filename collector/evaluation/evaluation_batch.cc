#include "collector/evaluation/evaluation_batch.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "evidence/refusal.h"

namespace assay::collector {
namespace {

// Above so many checks, the findings of all are read at once.
constexpr std::size_t kFewChecks = 16;

Result<std::vector<Finding>> open_findings(Store& store, const std::string& host_id,
                                           const std::set<std::string>& check_ids) {
  std::vector<Finding> open;
  FindingFilter filter;
  filter.host_id = host_id;
  filter.state = FindingState::kOpen;
  const auto read = [&] {
    return for_every([&](const PageRequest& page) { return store.findings(filter, page); },
                     [&](Finding& finding) -> Status {
                       if (check_ids.contains(finding.check_id)) open.push_back(std::move(finding));
                       return {};
                     });
  };
  if (check_ids.size() > kFewChecks) {
    if (auto done = read(); !done) return fail(done.error());
    return open;
  }
  for (const auto& check_id : check_ids) {
    filter.check_id = check_id;
    if (auto done = read(); !done) return fail(done.error());
  }
  return open;
}

// How the store answers about what was before.
void ask_store(LifeCycleInput& input, Store& store, StoredResults& results) {
  input.result = [&results](const evidence::Digest& key) { return results.find(key); };
  input.open = [&store, host_id = input.mark.host_id](const std::set<std::string>& check_ids) {
    return open_findings(store, host_id, check_ids);
  };
  input.earlier = [&store, host_id = input.mark.host_id](
                      const evidence::Digest& id) -> Result<std::optional<Finding>> {
    auto found = store.resolved_finding(host_id, id);
    if (found) return std::move(*found);
    if (found.error().code() == Code::kNotFound) return std::nullopt;
    return fail(found.error());
  };
}

}  // namespace

struct EvaluationBatch::Subject {
  HostToJudge host;
  EvaluationMark mark;                         // of this evaluation
  const Questions* questions = nullptr;        // to its profile
  std::string profile;                         // of the snapshot
  evidence::Seconds ended;                     // when the scan ended
  std::optional<evidence::Manifest> manifest;  // absent: its tables are as they were
  std::shared_ptr<const JudgedHost> before;    // nullptr: how it was judged is not known any more
};

struct EvaluationBatch::Judgement {
  EvaluationChange change;
  Done done;
  std::shared_ptr<const Judged> judged;  // nullptr: not known
};

EvaluationBatch::EvaluationBatch(Store& store, Terms terms, checks::Workbench& bench)
    : store_(store), terms_(std::move(terms)), bench_(bench) {}

const SinceOutline& EvaluationBatch::since(const std::shared_ptr<const Outline>& before,
                                           const std::shared_ptr<const Outline>& now) {
  const auto known = since_.find({before, now});
  if (known != since_.end()) return known->second;
  return since_.emplace(Outlines{before, now}, SinceOutline(*before, *now)).first->second;
}

Result<bool> EvaluationBatch::add(HostToJudge host) {
  const auto& content = *terms_.asked->content;
  if (!results_) {
    removals_ = host.mark.removals;
    remembered_ = terms_.memory_since(removals_);
    results_.emplace(store_, *remembered_);
  }
  if (host.mark.removals != removals_)
    return fail(Code::kConflict, "results were removed in between");
  if (!host.last_snapshot)
    return refuse(Code::kNotFound, {"the host has no snapshot yet", "這部主機尚無快照"});
  const auto& mark = host.mark;
  if (mark.revision > 0 && mark.snapshot == *host.last_snapshot && mark.day == terms_.day &&
      mark.content == content.digest && mark.register_entry == host.register_tables.number)
    return false;
  auto subject = look_at(std::move(host));
  if (!subject) return fail(subject.error());
  std::unique_ptr<StoredTables> own;
  if (subject->manifest)
    own = std::make_unique<SnapshotTables>(store_, *subject->manifest);
  else
    own = std::make_unique<RememberedTables>(store_, *subject->before->judged);
  const RecordedTables tables(*own, store_, subject->host.register_tables);
  std::optional<std::string> os;
  if (subject->manifest) os = remembered_->systems.named_in(*own);
  auto judgement = judge(*subject, *own, tables);
  if (!judgement) return fail(judgement.error());
  if (os && *os != subject->host.os) judgement->change.os = std::move(os);
  wait_for_commit(*subject, std::move(*judgement));
  return true;
}

Result<EvaluationBatch::Subject> EvaluationBatch::look_at(HostToJudge host) {
  Subject subject;
  subject.before = remembered_->hosts.find(host.mark.host_id, host.mark.revision);
  const auto& before = subject.before;
  bool is_as_before = before && before->snapshot == *host.last_snapshot;
  if (is_as_before) {
    subject.profile = before->profile;
    subject.ended = before->ended;
    subject.questions = terms_.asked->of(subject.profile);
    // Something may be asked of a table that nothing was asked of before.
    is_as_before = subject.questions != nullptr &&
                   since(before->judged->outline, subject.questions->outline).has_all_tables();
  }
  if (!is_as_before) {
    const auto snapshot = store_.snapshot(*host.last_snapshot);
    if (!snapshot) return fail(snapshot.error());
    auto manifest = manifest_of(store_, *snapshot);
    if (!manifest) return fail(manifest.error());
    subject.profile = snapshot->profile;
    subject.ended = snapshot->ended;
    subject.manifest = std::move(*manifest);
    subject.questions = terms_.asked->of(subject.profile);
  }
  if (subject.questions == nullptr)
    return fail(Code::kInvalidData, "store: the profile is " + subject.profile);
  auto& mark = subject.mark = host.mark;
  mark.day = terms_.day;
  mark.snapshot = *host.last_snapshot;
  mark.content = terms_.asked->content->digest;
  mark.register_entry = host.register_tables.number;
  mark.evaluated_at = terms_.now;
  // An agent's clock that is ahead must not date its findings into the future.
  mark.scanned_at = std::min(subject.ended, mark.evaluated_at);
  subject.host = std::move(host);
  return subject;
}

Result<EvaluationBatch::Judgement> EvaluationBatch::judge(Subject& subject, StoredTables& own,
                                                          const RecordedTables& tables) {
  const auto& questions = *subject.questions;
  const checks::EvaluationInput asked{.content = terms_.asked->content.get(),
                                      .tables = &tables,
                                      .today = terms_.day,
                                      .cache = &*results_};
  checks::HostEvaluation evaluation(asked, questions.plan, bench_);
  auto judged = std::make_shared<Judged>();
  judged->outline = questions.outline;
  judged->tables = remembered_->hosts.seen_by(evaluation, questions);
  judged->groups.reserve(questions.plan.groups().size());
  if (own.failure()) return fail(*own.failure());
  auto& mark = subject.mark;
  mark.input = input_digest(questions, terms_.asked->content->digest, subject.profile, terms_.day,
                            judged->tables);
  const auto* before = subject.before ? &*subject.before->judged : nullptr;
  if (mark.revision > 0 && mark.input == subject.host.mark.input)
    return Judgement{{.mark = mark},
                     {.is_unchanged = true},
                     before != nullptr ? subject.before->judged : nullptr};
  LifeCycleInput input;
  input.mark = mark;
  follow_groups(evaluation, questions, before, own, *judged, input);
  if (own.failure()) return fail(*own.failure());
  if (tables.failure()) return fail(*tables.failure());
  if (const auto failure = results_->take_failure()) return fail(*failure);
  const Done done{.evaluated = evaluation.evaluated()};
  if (mark.revision == 0) {
    auto change = first_change(mark, judged->groups);
    begin_families(change, judged->groups);
    return Judgement{std::move(change), done, std::move(judged)};
  }
  if (before == nullptr) {
    auto standing = store_.standing(mark.host_id);
    if (!standing) return fail(standing.error());
    input.standing = std::move(*standing);
  }
  ask_store(input, store_, *results_);
  auto change = next_change(input);
  if (const auto failure = results_->take_failure()) return fail(*failure);
  if (!change) return fail(change.error());
  add_results(*change, input.now);
  return Judgement{std::move(*change), done, std::move(judged)};
}

struct EvaluationBatch::Following {
  const SharedGroup* before = nullptr;  // the same questions; nullptr: they were not asked
  SharedGroup now;                      // nullptr: it is to be judged
  std::string key;                      // by its questions and tables
  // Of what is to be judged, for each of its questions:
  std::vector<evidence::Digest> keys;
  std::vector<checks::SharedResult> results;  // known, as its tables have not changed; or nullptr
};

EvaluationBatch::Following EvaluationBatch::begin_following(const Questions& questions,
                                                            std::size_t place, const Judged* before,
                                                            const SinceOutline* places,
                                                            const Judged& now) {
  const auto& group = questions.plan.groups()[place];
  const bool is_seen =
      places != nullptr && std::ranges::all_of(group.tables, [&](std::size_t table) {
        const auto then = places->tables[table];
        return then != SinceOutline::kNew && before->tables[then] == now.tables[table];
      });
  Following following;
  if (places != nullptr && places->groups[place] != SinceOutline::kNew)
    following.before = &before->groups[places->groups[place]];
  if (following.before != nullptr && is_seen) {
    following.now = *following.before;
    return following;
  }
  following.key = group_key(questions, place, now.tables);
  following.now = remembered_->by_tables.find(following.key).value_or(nullptr);
  if (following.now != nullptr) return following;
  following.results.resize(group.questions.size());
  // Of tables that are as before, only what is asked in other words is computed.
  for (std::size_t i = 0; is_seen && i < group.questions.size(); ++i)
    if (const auto then = places->questions[place][i]; then.group != SinceOutline::kNew)
      following.results[i] = before->groups[then.group]->questions[then.question].result;
  return following;
}

void EvaluationBatch::ask_ahead(checks::HostEvaluation& evaluation, const Questions& questions,
                                std::span<Following> followed, StoredTables& own) {
  const auto& groups = questions.plan.groups();
  std::vector<evidence::Digest> results;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    auto& following = followed[i];
    if (following.now != nullptr) continue;
    following.keys = evaluation.keys(groups[i]);
    for (std::size_t question = 0; question < following.keys.size(); ++question)
      if (following.results[question] == nullptr) results.push_back(following.keys[question]);
  }
  results_->expect(results);
  std::set<std::string> tables;
  for (std::size_t i = 0; i < groups.size(); ++i)
    if (std::ranges::any_of(followed[i].keys,
                            [&](const auto& key) { return results_->is_absent(key); }))
      evaluation.add_wanted(groups[i], &tables);
  own.expect(tables);
}

void EvaluationBatch::follow_groups(checks::HostEvaluation& evaluation, const Questions& questions,
                                    const Judged* before, StoredTables& own, Judged& now,
                                    LifeCycleInput& input) {
  const auto* places = before != nullptr ? &since(before->outline, questions.outline) : nullptr;
  const auto& groups = questions.plan.groups();
  std::vector<Following> followed;
  followed.reserve(groups.size());
  for (std::size_t i = 0; i < groups.size(); ++i)
    followed.push_back(begin_following(questions, i, before, places, now));
  ask_ahead(evaluation, questions, followed, own);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    auto& following = followed[i];
    if (following.now == nullptr) {
      following.now = judge_group(evaluation, questions, i, following);
      now.is_certain = now.is_certain && !evaluation.has_failed();
    }
    if (const auto* old = following.before; old == nullptr || *old != following.now) {
      input.now.push_back(following.now);
      if (old != nullptr) input.before.push_back(*old);
    }
    now.groups.push_back(std::move(following.now));
  }
  if (places == nullptr) return;
  for (const auto gone : places->gone) input.before.push_back(before->groups[gone]);
}

SharedGroup EvaluationBatch::judge_group(checks::HostEvaluation& evaluation,
                                         const Questions& questions, std::size_t place,
                                         const Following& following) {
  const auto verdicts =
      evaluation.judge(questions.plan.groups()[place], following.keys,
                       [&](std::size_t question) { return following.results[question]; });
  auto judged = remembered_->groups.share(questions.outline->groups[place], verdicts,
                                          questions.outline->questions[place]);
  if (!evaluation.has_failed()) remembered_->by_tables.keep(following.key, judged);
  return judged;
}

evidence::Digest EvaluationBatch::stored_key(const JudgedQuestion& question,
                                             EvaluationChange& change) {
  if (remembered_->stored.find(question.key) || new_results_.contains(question.key))
    return question.key;
  auto json = checks::to_json(*question.result);
  const auto content = SaidBefore::content_of(question.name->check_digest, json);
  if (const auto said = remembered_->said.key_of(content)) return *said;
  if (const auto found = new_said_.find(content); found != new_said_.end()) return found->second;
  new_results_.emplace(question.key, question.result);
  new_said_.emplace(content, question.key);
  change.results.emplace_back(question.key, std::move(json));
  return question.key;
}

void EvaluationBatch::add_results(EvaluationChange& change,
                                  const std::vector<SharedGroup>& judged) {
  std::unordered_map<evidence::Digest, VerdictInterval*> wanted;
  for (auto& interval : change.begun) wanted.emplace(interval.key, &interval);
  for (const auto& group : judged)
    for (const auto& question : group->questions)
      if (const auto interval = wanted.find(question.key); interval != wanted.end())
        interval->second->key = stored_key(question, change);
}

void EvaluationBatch::begin_families(EvaluationChange& change,
                                     const std::vector<SharedGroup>& judged) {
  std::map<std::string_view, std::vector<SharedGroup>> families;
  for (const auto& group : judged)
    for (const auto& family : group->families) families[family].push_back(group);
  for (auto& [family, groups] : families) {
    auto key = family_key(family, groups);
    auto known = remembered_->families.find(key).value_or(nullptr);
    if (const auto found = new_families_.find(key); !known && found != new_families_.end())
      known = found->second;
    if (!known) {
      std::vector<VerdictInterval> begun;
      for (const auto& group : groups)
        for (const auto& question : group->questions)
          if (family_of(question.name->check_id) == family)
            begun.push_back(interval_of(question, stored_key(question, change)));
      auto verdicts = verdict_group(std::string(family), std::move(begun));
      known = std::make_shared<const BegunFamily>(std::move(groups), std::move(verdicts));
      new_families_.emplace(std::move(key), known);
    }
    change.begun_groups.push_back(known->verdicts);
  }
}

void EvaluationBatch::wait_for_commit(const Subject& subject, Judgement judgement) {
  changes_.push_back(std::move(judgement.change));
  done_.push_back(std::move(judgement.done));
  hosts_.push_back(judgement.judged == nullptr || !judgement.judged->is_certain
                       ? nullptr
                       : std::make_shared<const JudgedHost>(
                             subject.mark.revision + 1, subject.mark.snapshot, subject.profile,
                             subject.ended, std::move(judgement.judged)));
}

Result<std::vector<EvaluationBatch::Done>> EvaluationBatch::commit() {
  auto written = store_.commit_evaluations(changes_);
  if (!written) return fail(written.error());
  for (auto& [key, result] : new_results_) (void)remembered_->stored.store(key, std::move(result));
  for (const auto& [content, key] : new_said_) remembered_->said.remember(content, key);
  for (auto& [key, known] : new_families_) remembered_->families.keep(key, std::move(known));
  new_families_.clear();
  new_results_.clear();
  new_said_.clear();
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    done_[i].status = std::move((*written)[i]);
    if (done_[i].status && hosts_[i])
      remembered_->hosts.keep(changes_[i].mark.host_id, std::move(hosts_[i]));
  }
  changes_.clear();
  hosts_.clear();
  return std::exchange(done_, {});
}

}  // namespace assay::collector
