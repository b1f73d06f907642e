#include "collector/evaluation/evaluator.h"

#include <algorithm>
#include <map>
#include <utility>

#include "collector/evaluation/life_cycle.h"
#include "collector/evaluation/recorded_tables.h"
#include "collector/records/register_tables.h"
#include "evidence/refusal.h"

namespace assay::collector {
namespace {

// An evaluation that another one overtook is done again this often.
constexpr int kTries = 3;
// Results that are remembered: most are a state and some facts, a kilobyte or less.
constexpr std::size_t kResults = 20'000;

// The store's results by way of the memory, and those that this evaluation adds.
class StoreCache final : public checks::ResultCache {
 public:
  StoreCache(PostureStore& store, checks::ResultMemory& memory) : store_(store), memory_(memory) {}

  checks::SharedResult find(const evidence::Digest& key) override {
    if (auto known = memory_.find(key)) return known;
    const auto json = store_.result(key);
    if (!json) {
      if (json.error().code() != Code::kNotFound && !failure_) failure_ = json.error();
      return nullptr;
    }
    auto result = checks::result_from_json(*json);
    if (!result) return nullptr;
    return memory_.store(key, std::make_shared<const checks::CheckResult>(std::move(*result)));
  }
  // A result is the same whether it was computed now or read from the store, where bytes that are
  // not UTF-8 are replaced; otherwise a finding would change its key from one evaluation to the
  // next.
  checks::SharedResult store(const evidence::Digest& key, checks::SharedResult result) override {
    const auto& json = added_.emplace_back(key, checks::to_json(*result)).second;
    auto read = checks::result_from_json(json);
    if (!read) {
      if (!failure_) failure_ = read.error();
      return result;
    }
    return fresh_.emplace_back(key, std::make_shared<const checks::CheckResult>(std::move(*read)))
        .second;
  }

  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }
  std::vector<std::pair<evidence::Digest, std::string>> take() { return std::move(added_); }
  // Once they are stored: what is only remembered must not be referred to.
  void remember() {
    for (auto& [key, result] : fresh_) (void)memory_.store(key, std::move(result));
  }

 private:
  PostureStore& store_;
  checks::ResultMemory& memory_;
  std::optional<Error> failure_;
  std::vector<std::pair<evidence::Digest, std::string>> added_;
  std::vector<std::pair<evidence::Digest, checks::SharedResult>> fresh_;
};

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

// All pages of a question.
template <typename T, typename Ask>
Result<std::vector<T>> every(Ask ask) {
  std::vector<T> all;
  PageRequest request{"", kMaxPage};
  do {
    Result<Page<T>> page = ask(request);
    if (!page) return fail(page.error());
    std::ranges::move(page->items, std::back_inserter(all));
    request.cursor = page->next;
  } while (!request.cursor.empty());
  return all;
}

Result<LifeCycleInput> state_before(Store& store, const std::string& host_id) {
  LifeCycleInput input;
  VerdictFilter verdicts;
  verdicts.host_id = host_id;
  auto intervals = every<VerdictInterval>(
      [&](const PageRequest& page) { return store.verdicts(verdicts, page); });
  if (!intervals) return fail(intervals.error());
  FindingFilter findings;
  findings.host_id = host_id;
  findings.state = FindingState::kOpen;
  auto open =
      every<Finding>([&](const PageRequest& page) { return store.findings(findings, page); });
  if (!open) return fail(open.error());
  input.verdicts = std::move(*intervals);
  input.open = std::move(*open);
  input.earlier = [&store](const evidence::Digest& id) -> Result<std::optional<Finding>> {
    auto found = store.finding(id);
    if (found) return std::move(*found);
    if (found.error().code() == Code::kNotFound) return std::nullopt;
    return fail(found.error());
  };
  return input;
}

}  // namespace

Evaluator::Evaluator(Store& store, std::shared_ptr<const checks::Content> content,
                     std::function<evidence::Seconds()> now)
    : store_(store),
      now_(std::move(now)),
      asked_(std::make_shared<const Asked>(std::move(content))) {}

Evaluator::Asked::Asked(std::shared_ptr<const checks::Content> from)
    : content(std::move(from)), server(*content, "server"), pc(*content, "pc") {}

const checks::Plan* Evaluator::Asked::plan(std::string_view profile) const {
  if (profile == "server") return &server;
  return profile == "pc" ? &pc : nullptr;
}

std::unique_ptr<checks::Workbench> Evaluator::Benches::take() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return std::make_unique<checks::Workbench>();
  auto bench = std::move(idle_.back());
  idle_.pop_back();
  return bench;
}

void Evaluator::Benches::give_back(std::unique_ptr<checks::Workbench> bench) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(bench));
}

std::shared_ptr<const Evaluator::Asked> Evaluator::asked() const {
  const std::lock_guard lock(mutex_);
  return asked_;
}

std::shared_ptr<const checks::Content> Evaluator::content() const {
  return asked()->content;
}

std::shared_ptr<checks::ResultMemory> Evaluator::memory_since(std::int64_t removals) {
  const std::lock_guard lock(mutex_);
  if (std::exchange(removals_, removals) != removals || !memory_)
    memory_ = std::make_shared<checks::ResultMemory>(kResults);
  return memory_;
}

void Evaluator::set_content(std::shared_ptr<const checks::Content> content) {
  auto asked = std::make_shared<const Asked>(std::move(content));
  const std::lock_guard lock(mutex_);
  asked_ = std::move(asked);
}

std::string Evaluator::today() const {
  return evidence::to_date(now_());
}

EvaluationCounts Evaluator::counts() const {
  return {hosts_, unchanged_, results_};
}

Status Evaluator::evaluate(const std::string& host_id) {
  Status done = evaluate_once(host_id);
  for (int i = 1; i < kTries && !done && done.error().code() == Code::kConflict; ++i)
    done = evaluate_once(host_id);
  return done;
}

Status Evaluator::evaluate_once(const std::string& host_id) {
  const auto asked = this->asked();
  auto mark = store_.mark(host_id);
  if (!mark) return fail(mark.error());
  const auto host = store_.host(host_id);
  if (!host) return fail(host.error());
  if (!host->last_snapshot)
    return refuse(Code::kNotFound, {"the host has no snapshot yet", "這部主機尚無快照"});
  const auto entry = store_.register_entry(host_id, std::nullopt);
  if (!entry) return fail(entry.error());
  const auto day = today();
  if (mark->revision > 0 && mark->snapshot == *host->last_snapshot && mark->day == day &&
      mark->content == asked->content->digest && mark->register_entry == entry->number)
    return {};
  const auto snapshot = store_.snapshot(*host->last_snapshot);
  if (!snapshot) return fail(snapshot.error());
  mark->day = day;
  return judge(*host, *snapshot, *entry, std::move(*mark), *asked);
}

Status Evaluator::judge(const Host& host, const Snapshot& snapshot, const RegisterEntry& entry,
                        EvaluationMark mark, const Asked& asked) {
  const auto& content = *asked.content;
  const auto manifest = manifest_of(snapshot);
  if (!manifest) return fail(manifest.error());
  const auto input = input_digest(*manifest, entry, content, mark.day);
  const bool is_unchanged = mark.revision > 0 && mark.input == input;
  mark.snapshot = snapshot.digest;
  mark.content = content.digest;
  mark.input = input;
  mark.register_entry = entry.number;
  mark.evaluated_at = now_();
  // An agent's clock that is ahead must not date its findings into the future.
  mark.scanned_at = std::min(snapshot.ended, mark.evaluated_at);
  if (is_unchanged) {
    EvaluationChange nothing;
    nothing.mark = mark;
    auto done = store_.commit_evaluation(nothing);
    if (done) ++hosts_, ++unchanged_;
    return done;
  }
  const SnapshotTables snapshot_tables(store_, *manifest);
  const RecordedTables tables(snapshot_tables, store_, entry);
  const auto memory = memory_since(mark.removals);
  StoreCache cache(store_, *memory);
  auto bench = benches_.take();
  auto outcome = checks::evaluate({.content = &content,
                                   .tables = &tables,
                                   .profile = snapshot.profile,
                                   .today = mark.day,
                                   .cache = &cache,
                                   .plan = asked.plan(snapshot.profile),
                                   .workbench = bench.get()});
  benches_.give_back(std::move(bench));
  if (!outcome) return fail(outcome.error());
  if (snapshot_tables.failure()) return fail(*snapshot_tables.failure());
  if (tables.failure()) return fail(*tables.failure());
  if (cache.failure()) return fail(*cache.failure());
  auto before = state_before(store_, host.id);
  if (!before) return fail(before.error());
  before->mark = mark;
  before->outcome = &*outcome;
  auto change = next_change(*before);
  if (!change) return fail(change.error());
  change->results = cache.take();
  if (auto done = store_.commit_evaluation(*change); !done) return done;
  cache.remember();
  ++hosts_;
  results_ += outcome->evaluated;
  const auto os = os_named_in(snapshot_tables);
  return os && *os != host.os ? store_.describe_host(host.id, *os) : Status();
}

}  // namespace assay::collector
