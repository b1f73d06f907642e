#include "collector/evaluation/evaluation_batch.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "collector/evaluation/life_cycle.h"
#include "collector/evaluation/recorded_tables.h"
#include "collector/evaluation/snapshot_tables.h"
#include "collector/records/register_tables.h"
#include "evidence/refusal.h"

namespace assay::collector {
namespace {

// Of everything that decides the verdicts of a snapshot.
evidence::Digest input_digest(const evidence::Manifest& manifest, const RegisterEntry& entry,
                              const checks::Content& content, const std::string& today) {
  std::string all("assay evaluation/1\n");
  all += content.digest.hex() + "\n" + manifest.profile + "\n" + today + "\n";
  for (const auto& table : manifest.tables) {
    all += table.name + " " + (table.digest ? table.digest->hex() : "- " + table.reason) + "\n";
  }
  for (const auto name : {kRegisterTable, kGroupsTable})
    all.append(name).append(" ").append(register_digest(entry, name)->hex()).append("\n");
  return evidence::sha256(all);
}

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

Result<LifeCycleInput> state_before(Store& store, StoredResults& results,
                                    const EvaluationMark& mark) {
  LifeCycleInput input;
  input.mark = mark;
  input.result = [&results](const evidence::Digest& key) { return results.find(key); };
  if (mark.revision == 0) {
    input.open = [](const std::set<std::string>&) { return std::vector<Finding>(); };
    input.earlier = [](const evidence::Digest&) { return std::optional<Finding>(); };
    return input;
  }
  auto standing = store.standing(mark.host_id);
  if (!standing) return fail(standing.error());
  input.standing = std::move(*standing);
  input.open = [&store, host_id = mark.host_id](const std::set<std::string>& check_ids) {
    return open_findings(store, host_id, check_ids);
  };
  input.earlier = [&store, host_id = mark.host_id](
                      const evidence::Digest& id) -> Result<std::optional<Finding>> {
    auto found = store.resolved_finding(host_id, id);
    if (found) return std::move(*found);
    if (found.error().code() == Code::kNotFound) return std::nullopt;
    return fail(found.error());
  };
  return input;
}

}  // namespace

EvaluationBatch::EvaluationBatch(Store& store, Terms terms, checks::Workbench& bench)
    : store_(store), terms_(std::move(terms)), bench_(bench) {}

Result<bool> EvaluationBatch::add(const std::string& host_id) {
  const auto& content = *terms_.asked->content;
  auto mark = store_.mark(host_id);
  if (!mark) return fail(mark.error());
  if (!results_) {
    removals_ = mark->removals;
    remembered_ = terms_.memory_since(removals_);
    results_.emplace(store_, *remembered_);
  }
  if (mark->removals != removals_) return fail(Code::kConflict, "results were removed in between");
  const auto host = store_.host(host_id);
  if (!host) return fail(host.error());
  if (!host->last_snapshot)
    return refuse(Code::kNotFound, {"the host has no snapshot yet", "這部主機尚無快照"});
  const auto entry = store_.register_entry(host_id, std::nullopt);
  if (!entry) return fail(entry.error());
  if (mark->revision > 0 && mark->snapshot == *host->last_snapshot && mark->day == terms_.day &&
      mark->content == content.digest && mark->register_entry == entry->number)
    return false;
  const auto snapshot = store_.snapshot(*host->last_snapshot);
  if (!snapshot) return fail(snapshot.error());
  const auto manifest = manifest_of(store_, *snapshot);
  if (!manifest) return fail(manifest.error());
  const auto input = input_digest(*manifest, *entry, content, terms_.day);
  const bool is_unchanged = mark->revision > 0 && mark->input == input;
  mark->day = terms_.day;
  mark->snapshot = snapshot->digest;
  mark->content = content.digest;
  mark->input = input;
  mark->register_entry = entry->number;
  mark->evaluated_at = terms_.now;
  // An agent's clock that is ahead must not date its findings into the future.
  mark->scanned_at = std::min(snapshot->ended, mark->evaluated_at);
  if (!is_unchanged) return judge(*host, *snapshot, *manifest, *entry, *mark);
  wait_for_commit({.mark = std::move(*mark)}, {.is_unchanged = true}, std::nullopt);
  return true;
}

Result<bool> EvaluationBatch::judge(const Host& host, const Snapshot& snapshot,
                                    const evidence::Manifest& manifest, const RegisterEntry& entry,
                                    const EvaluationMark& mark) {
  const SnapshotTables snapshot_tables(store_, manifest);
  const RecordedTables tables(snapshot_tables, store_, entry);
  auto outcome = checks::evaluate({.content = terms_.asked->content.get(),
                                   .tables = &tables,
                                   .profile = snapshot.profile,
                                   .today = terms_.day,
                                   .cache = &*results_,
                                   .plan = terms_.asked->plan(snapshot.profile),
                                   .workbench = &bench_});
  if (!outcome) return fail(outcome.error());
  if (snapshot_tables.failure()) return fail(*snapshot_tables.failure());
  if (tables.failure()) return fail(*tables.failure());
  auto before = state_before(store_, *results_, mark);
  if (!before) return fail(before.error());
  before->outcome = &*outcome;
  before->names = &terms_.asked->names;
  auto change = next_change(*before);
  if (const auto failure = results_->take_failure()) return fail(*failure);
  if (!change) return fail(change.error());
  add_results(*change, *outcome);
  auto os = remembered_->systems.named_in(snapshot_tables);
  if (os && *os == host.os) os.reset();
  wait_for_commit(std::move(*change), {.evaluated = outcome->evaluated}, std::move(os));
  return true;
}

void EvaluationBatch::add_results(EvaluationChange& change,
                                  const checks::EvaluationOutcome& outcome) {
  std::unordered_map<evidence::Digest, VerdictInterval*> wanted;
  for (auto& interval : change.begun) wanted.emplace(interval.key, &interval);
  for (const auto& verdict : outcome.verdicts) {
    const auto interval = wanted.find(verdict.key);
    if (interval == wanted.end() || remembered_->stored.find(verdict.key)) continue;
    if (new_results_.contains(verdict.key)) continue;
    auto json = checks::to_json(*verdict.result);
    const auto content = SaidBefore::content_of(verdict.check(), json);
    auto said = remembered_->said.key_of(content);
    if (const auto found = new_said_.find(content); !said && found != new_said_.end())
      said = found->second;
    if (said) {
      interval->second->key = *said;
      continue;
    }
    new_results_.emplace(verdict.key, verdict.result);
    new_said_.emplace(content, verdict.key);
    change.results.emplace_back(verdict.key, std::move(json));
  }
}

void EvaluationBatch::wait_for_commit(EvaluationChange change, Done done,
                                      std::optional<std::string> os) {
  changes_.push_back(std::move(change));
  done_.push_back(std::move(done));
  os_.push_back(std::move(os));
}

Result<std::vector<EvaluationBatch::Done>> EvaluationBatch::commit() {
  auto written = store_.commit_evaluations(changes_);
  if (!written) return fail(written.error());
  for (auto& [key, result] : new_results_) (void)remembered_->stored.store(key, std::move(result));
  for (const auto& [content, key] : new_said_) remembered_->said.remember(content, key);
  new_results_.clear();
  new_said_.clear();
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    done_[i].status = std::move((*written)[i]);
    if (done_[i].status && os_[i])
      done_[i].status = store_.describe_host(changes_[i].mark.host_id, *os_[i]);
  }
  changes_.clear();
  os_.clear();
  return std::exchange(done_, {});
}

}  // namespace assay::collector
