#include "collector/evaluation/evaluator.h"

#include <algorithm>
#include <map>

#include "collector/evaluation/life_cycle.h"
#include "collector/evaluation/snapshot_tables.h"

namespace assay::collector {
namespace {

// An evaluation that another one overtook is done again this often.
constexpr int kTries = 3;

// The store's results, and those that this evaluation adds.
class StoreCache final : public checks::ResultCache {
 public:
  explicit StoreCache(PostureStore& store) : store_(store) {}

  std::optional<checks::CheckResult> find(const evidence::Digest& key) override {
    const auto json = store_.result(key);
    if (!json) {
      if (json.error().code() != Code::kNotFound && !failure_) failure_ = json.error();
      return std::nullopt;
    }
    auto result = checks::result_from_json(*json);
    return result ? std::optional(std::move(*result)) : std::nullopt;
  }
  void store(const evidence::Digest& key, const checks::CheckResult& result) override {
    added_.emplace_back(key, checks::to_json(result));
  }

  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }
  std::vector<std::pair<evidence::Digest, std::string>> take() { return std::move(added_); }

 private:
  PostureStore& store_;
  std::optional<Error> failure_;
  std::vector<std::pair<evidence::Digest, std::string>> added_;
};

// Of everything that decides the verdicts of a snapshot.
evidence::Digest input_digest(const evidence::Manifest& manifest, const checks::Content& content,
                              const std::string& today) {
  std::string all("assay evaluation/1\n");
  all += content.digest.hex() + "\n" + manifest.profile + "\n" + today + "\n";
  for (const auto& entry : manifest.tables) {
    all += entry.name + " " + (entry.digest ? entry.digest->hex() : "- " + entry.reason) + "\n";
  }
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

// A result is the same whether it was computed now or found in the cache, where bytes that are not
// UTF-8 are replaced; otherwise a finding would change its key from one evaluation to the next.
Status as_cached(checks::EvaluationOutcome& outcome) {
  for (auto& verdict : outcome.verdicts) {
    auto result = checks::result_from_json(checks::to_json(verdict.result));
    if (!result) return fail(result.error());
    verdict.result = std::move(*result);
  }
  return {};
}

// "Debian GNU/Linux 12 (bookworm)", from the host's own os_version; nullopt when it has none.
std::optional<std::string> os_text(const SnapshotTables& tables) {
  if (!tables.find("os_version").digest) return std::nullopt;
  const auto table = tables.load("os_version");
  if (!table || table->rows().empty()) return std::nullopt;
  auto text = evidence::to_text(table->at(0, "name"));
  const auto version = evidence::to_text(table->at(0, "version"));
  if (!version.empty()) text += (text.empty() ? "" : " ") + version;
  return text;
}

}  // namespace

Evaluator::Evaluator(Store& store, std::shared_ptr<const checks::Content> content,
                     std::function<evidence::Seconds()> now)
    : store_(store), now_(std::move(now)), content_(std::move(content)) {}

std::shared_ptr<const checks::Content> Evaluator::content() const {
  const std::lock_guard lock(mutex_);
  return content_;
}

void Evaluator::set_content(std::shared_ptr<const checks::Content> content) {
  const std::lock_guard lock(mutex_);
  content_ = std::move(content);
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
  const auto content = this->content();
  auto mark = store_.mark(host_id);
  if (!mark) return fail(mark.error());
  const auto host = store_.host(host_id);
  if (!host) return fail(host.error());
  if (!host->last_snapshot) return fail(Code::kNotFound, "the host has no snapshot yet");
  const auto day = today();
  if (mark->revision > 0 && mark->snapshot == *host->last_snapshot && mark->day == day &&
      mark->content == content->digest)
    return {};
  const auto snapshot = store_.snapshot(*host->last_snapshot);
  if (!snapshot) return fail(snapshot.error());
  mark->day = day;
  return judge(*host, *snapshot, std::move(*mark), *content);
}

Status Evaluator::judge(const Host& host, const Snapshot& snapshot, EvaluationMark mark,
                        const checks::Content& content) {
  const auto manifest = manifest_of(snapshot);
  if (!manifest) return fail(manifest.error());
  const auto input = input_digest(*manifest, content, mark.day);
  const bool is_unchanged = mark.revision > 0 && mark.input == input;
  mark.snapshot = snapshot.digest;
  mark.content = content.digest;
  mark.input = input;
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
  const SnapshotTables tables(store_, *manifest);
  StoreCache cache(store_);
  auto outcome = checks::evaluate({&content, &tables, snapshot.profile, mark.day, &cache});
  if (!outcome) return fail(outcome.error());
  if (tables.failure()) return fail(*tables.failure());
  if (cache.failure()) return fail(*cache.failure());
  if (auto done = as_cached(*outcome); !done) return done;
  auto before = state_before(store_, host.id);
  if (!before) return fail(before.error());
  before->mark = mark;
  before->outcome = &*outcome;
  auto change = next_change(*before);
  if (!change) return fail(change.error());
  change->results = cache.take();
  if (auto done = store_.commit_evaluation(*change); !done) return done;
  ++hosts_;
  results_ += outcome->evaluated;
  const auto os = os_text(tables);
  return os && *os != host.os ? store_.describe_host(host.id, *os) : Status();
}

}  // namespace assay::collector
