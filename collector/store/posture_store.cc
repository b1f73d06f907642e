#include "collector/store/posture_store.h"

#include <set>

#include "evidence/refusal.h"

namespace assay::collector {

std::string_view name_of(FindingState state) {
  return state == FindingState::kOpen ? "open" : "resolved";
}

Status PostureStore::add_catalogue(const StoredCatalogue& catalogue) {
  return measured("add_catalogue", [&] { return do_add_catalogue(catalogue); });
}

Result<evidence::Digest> PostureStore::catalogue_at(evidence::Seconds when) {
  return measured("catalogue_at", [&] { return do_catalogue_at(when); });
}

Result<std::string> PostureStore::catalogue(const evidence::Digest& digest) {
  return measured("catalogue", [&] { return do_catalogue(digest); });
}

Result<std::vector<std::optional<std::string>>> PostureStore::results(
    std::span<const evidence::Digest> keys) {
  if (keys.empty()) return std::vector<std::optional<std::string>>();
  return measured("results", [&] { return do_results(keys); });
}

Result<std::string> PostureStore::result(const evidence::Digest& key) {
  auto found = results({&key, 1});
  if (!found) return fail(found.error());
  if (!found->front()) return fail(Code::kNotFound, "no result " + key.hex());
  return std::move(*found->front());
}

Result<Page<evidence::Digest>> PostureStore::result_keys(const PageRequest& page) {
  return measured("result_keys", [&] { return do_result_keys(bounded(page)); });
}

Result<EvaluationMark> PostureStore::mark(std::string_view host_id) {
  return measured("mark", [&] { return do_mark(host_id); });
}

Result<std::vector<std::optional<HostToJudge>>> PostureStore::to_judge(
    std::span<const std::string> host_ids) {
  return measured("to_judge", [&] { return do_to_judge(host_ids); });
}

Result<std::vector<std::string>> PostureStore::due(const evidence::Digest& content,
                                                   std::string_view day, std::string_view after,
                                                   std::size_t limit) {
  return measured("due", [&] { return do_due(content, day, after, std::min(limit, kMaxPage)); });
}

Result<std::vector<std::string>> PostureStore::claim(std::span<const std::string> hosts,
                                                     std::string_view owner, evidence::Seconds now,
                                                     evidence::Seconds until) {
  return measured("claim", [&] { return do_claim(hosts, owner, now, until); });
}

Result<std::vector<Status>> PostureStore::commit_evaluations(
    std::span<const EvaluationChange> changes) {
  std::set<std::string_view> hosts;
  for (const auto& change : changes) {
    if (change.mark.host_id.empty() || change.mark.day.empty())
      return fail(Code::kInternal, "an evaluation is of a host and of a day");
    if (!hosts.insert(change.mark.host_id).second)
      return fail(Code::kInternal, "one host is judged once in a transaction");
  }
  if (changes.empty()) return std::vector<Status>();
  return measured("commit_evaluations", [&] { return do_commit_evaluations(changes); });
}

Status PostureStore::commit_evaluation(const EvaluationChange& change) {
  auto done = commit_evaluations({&change, 1});
  if (!done) return fail(done.error());
  return std::move(done->front());
}

Result<Page<VerdictInterval>> PostureStore::verdicts(const VerdictFilter& filter,
                                                     const PageRequest& page) {
  return measured("verdicts", [&] { return do_verdicts(filter, bounded(page)); });
}

Result<std::vector<VerdictSet>> PostureStore::standing(std::string_view host_id) {
  return measured("standing", [&] { return do_standing(host_id); });
}

Result<Page<VerdictInterval>> PostureStore::history(std::string_view host_id,
                                                    std::string_view check_id,
                                                    const PageRequest& page) {
  return measured("history", [&] { return do_history(host_id, check_id, bounded(page)); });
}

Result<Page<VerdictInterval>> PostureStore::verdicts_since(std::string_view host_id,
                                                           evidence::Seconds from,
                                                           const PageRequest& page) {
  return measured("verdicts_since",
                  [&] { return do_verdicts_since(host_id, from, bounded(page)); });
}

Result<Page<Finding>> PostureStore::findings(const FindingFilter& filter, const PageRequest& page) {
  return measured("findings", [&] { return do_findings(filter, bounded(page)); });
}

Result<Finding> PostureStore::finding(const evidence::Digest& id) {
  return measured("finding", [&] { return do_finding(id); });
}

Result<Finding> PostureStore::resolved_finding(std::string_view host_id,
                                               const evidence::Digest& id) {
  return measured("resolved_finding", [&] { return do_resolved_finding(host_id, id); });
}

Result<std::map<checks::Severity, std::int64_t>> PostureStore::open_findings(
    std::string_view host_id) {
  return measured("open_findings", [&] { return do_open_findings(host_id); });
}

Result<Page<FindingChange>> PostureStore::finding_changes(evidence::Seconds from,
                                                          evidence::Seconds to,
                                                          const PageRequest& page) {
  if (to < from)
    return refuse(Code::kUsage, {"the period ends before it begins", "期間的結束早於開始"});
  return measured("finding_changes",
                  [&] { return do_finding_changes(from, to, bounded(page, kMaxChanges)); });
}

Result<Page<VerdictChange>> PostureStore::verdict_changes(evidence::Seconds from,
                                                          evidence::Seconds to,
                                                          const PageRequest& page) {
  if (to < from)
    return refuse(Code::kUsage, {"the period ends before it begins", "期間的結束早於開始"});
  return measured("verdict_changes",
                  [&] { return do_verdict_changes(from, to, bounded(page, kMaxChanges)); });
}

}  // namespace assay::collector
