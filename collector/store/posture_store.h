// What the evidence was judged to be: cached results, the history of verdicts, findings.
//
// Safe from any thread. A write is durable when the call returns; a call that fails has written
// nothing. History is kept: every question can be asked as of an earlier moment.
// Any call may fail with kNoSpace, kUnavailable (busy or away: try again) or kIo.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "checks/engine/evaluation.h"
#include "collector/store/meter.h"
#include "collector/store/page.h"
#include "collector/store/register_entry.h"
#include "evidence/digest.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

// One verdict over the time in which nothing about it changed. (host, check, parameters) has at
// most one open interval.
struct VerdictInterval {
  std::string host_id;
  std::string check_id;
  std::string parameters;               // JSON object of the values the check read; "{}" for none
  std::vector<std::string> frameworks;  // sorted; those that share these values
  checks::State state = checks::State::kUnknown;
  std::string reason;
  evidence::Digest key;           // of the cached result: result() has the rows
  evidence::Digest check_digest;  // tells "the rule changed" from "the host changed"
  evidence::Seconds since;
  std::optional<evidence::Seconds> until;  // absent: in force
};

enum class FindingState { kOpen, kResolved };
[[nodiscard]] std::string_view name_of(FindingState state);

// A violating row, followed over time.
struct Finding {
  evidence::Digest id;  // SHA-256 over host, check and the values of the check's key columns
  std::string host_id;
  std::string host_name;  // filled in by the store
  std::string check_id;
  checks::Severity severity = checks::Severity::kMedium;
  std::string key;  // JSON object of the key columns
  // JSON object of the row, as last seen; of several verdicts that show it, that of
  // checks::spokesman().
  std::string row;
  std::vector<std::string> frameworks;  // under which the row violates; sorted
  FindingState state = FindingState::kOpen;
  // False while the check is `unknown`: the finding stays open though it was not seen again.
  bool is_confirmed = true;
  evidence::Seconds first_seen;
  evidence::Seconds opened_at;  // end of the scan that showed it first, or again after it was gone
  evidence::Seconds last_seen;  // end of the last scan that showed it
  std::optional<evidence::Seconds> resolved_at;
  std::int64_t reopened = 0;  // how often it came back
  evidence::Digest snapshot;  // the last snapshot that showed it
};

// Verdicts of which many hosts have the same, so that who has read them need not again: by check
// and parameters, without host and times.
using VerdictSet = std::shared_ptr<const std::vector<VerdictInterval>>;

// What begins together, and says the same of many hosts: see posture_groups.h.
struct VerdictGroup;
struct FindingGroup;
using SharedVerdictGroup = std::shared_ptr<const VerdictGroup>;
using SharedFindingGroup = std::shared_ptr<const FindingGroup>;

// Of one host, in the order of the group's members: all open, confirmed, and nothing was known of
// them before.
struct AppearedGroup {
  SharedFindingGroup group;
  std::vector<evidence::Digest> ids;
};

struct FindingFilter {
  std::string host_id;  // empty fields do not filter
  std::string check_id;
  std::string framework;
  std::optional<checks::Severity> at_least;
  std::optional<FindingState> state;       // with `as_of`: only open ones are known of
  std::optional<evidence::Seconds> as_of;  // row, severity and frameworks are of then, too
};

struct VerdictFilter {
  std::string host_id;
  std::string check_id;
  std::string framework;
  std::optional<checks::State> state;
  std::optional<evidence::Seconds> as_of;  // absent: in force now
};

// How far a host has been judged.
struct EvaluationMark {
  std::string host_id;
  evidence::Digest snapshot;
  evidence::Digest content;      // of the checks
  evidence::Digest input;        // of everything that decides the verdicts; equal: nothing to do
  std::string day;               // YYYY-MM-DD, the `clock` it was judged by
  evidence::Seconds scanned_at;  // end of that scan
  evidence::Seconds evaluated_at;
  std::int64_t revision = 0;        // counts evaluations; 0 before the first
  std::int64_t register_entry = 0;  // RegisterEntry::number that it was judged by; 0: none
  // How often results were removed until the mark was read: what was known of them before a removal
  // must not be referred to after it.
  std::int64_t removals = 0;
};

// What tells whether a host is to be judged anew.
struct HostToJudge {
  EvaluationMark mark;  // its revision is 0 where it was never judged
  std::optional<evidence::Digest> last_snapshot;
  std::string os;
  RegisterTables register_tables;  // in force
};

// What one evaluation changes.
struct EvaluationChange {
  EvaluationMark mark;            // its revision is the one that was read; the store raises it
  std::optional<std::string> os;  // Host::os, where that is another
  std::vector<std::pair<evidence::Digest, std::string>> results;  // to cache: key, JSON
  // An interval is closed at mark.evaluated_at where (check, parameters) has a new one or is in
  // `ended`.
  std::vector<VerdictInterval> begun;
  std::vector<std::pair<std::string, std::string>> ended;  // (check, parameters)
  // Verdicts that begin where none of their family was in force.
  std::vector<SharedVerdictGroup> begun_groups;
  std::vector<Finding>
      findings;  // changed in any field but last_seen and snapshot, or not known of
  // Of which nothing is known yet: open, confirmed, and first seen with this evaluation.
  std::vector<Finding> appeared;
  // The same of checks that had no findings on this host.
  std::vector<AppearedGroup> appeared_groups;
};

struct FindingChange {
  Finding finding;  // as it is now
  bool was_open = false;
  bool is_open = false;  // at the end of the period
};

struct VerdictChange {
  std::string host_id;
  std::string check_id;
  std::string parameters;
  std::optional<VerdictInterval> before;  // absent: not judged then
  std::optional<VerdictInterval> after;
};

// The words and figures that answers are given by from a moment on.
struct StoredCatalogue {
  evidence::Digest digest;
  evidence::Seconds since;
  std::string frame;  // one zstd frame of what has that digest
};

class PostureStore : public virtual Metered {
 public:
  virtual ~PostureStore() = default;

  // Nothing where it is the latest already.
  [[nodiscard]] Status add_catalogue(const StoredCatalogue& catalogue);
  // Of the one in force at `when`; of a time before the first, the first. kNotFound while there is
  // none.
  [[nodiscard]] Result<evidence::Digest> catalogue_at(evidence::Seconds when);
  [[nodiscard]] Result<std::string> catalogue(const evidence::Digest& digest);  // the frame

  // The JSON of cached results: one for each key, in their order; nullopt where there is none.
  // kInvalidData when one of them was altered.
  [[nodiscard]] Result<std::vector<std::optional<std::string>>> results(
      std::span<const evidence::Digest> keys);
  [[nodiscard]] Result<std::string> result(const evidence::Digest& key);  // kNotFound
  // Of all cached results, by key.
  [[nodiscard]] Result<Page<evidence::Digest>> result_keys(const PageRequest& page);

  // revision 0 and the host id for a host that was never judged.
  [[nodiscard]] Result<EvaluationMark> mark(std::string_view host_id);
  // One for each host, in their order; nullopt for a host that there is not.
  [[nodiscard]] Result<std::vector<std::optional<HostToJudge>>> to_judge(
      std::span<const std::string> host_ids);
  // Active hosts with an id above `after` whose latest snapshot was not judged by this content and
  // their present register entry on this day; by id, at most `limit`.
  [[nodiscard]] Result<std::vector<std::string>> due(const evidence::Digest& content,
                                                     std::string_view day, std::string_view after,
                                                     std::size_t limit);
  // Of `hosts`, those that `owner` may judge: nobody else has claimed them for longer than `now`. A
  // claim ends by itself at `until`, so that what a collector had taken and left is taken over.
  [[nodiscard]] Result<std::vector<std::string>> claim(std::span<const std::string> hosts,
                                                       std::string_view owner,
                                                       evidence::Seconds now,
                                                       evidence::Seconds until);
  // All of them in one transaction, one for each host. An open, confirmed finding needs no change
  // to be seen again: its last_seen and snapshot follow the mark. One answer for each, in their
  // order: kConflict for a host that was judged in between, of which nothing is written: read
  // again. As a whole kConflict when results were removed in between; then nothing is written.
  [[nodiscard]] Result<std::vector<Status>> commit_evaluations(
      std::span<const EvaluationChange> changes);
  [[nodiscard]] Status commit_evaluation(const EvaluationChange& change);

  // By host, check, parameters.
  [[nodiscard]] Result<Page<VerdictInterval>> verdicts(const VerdictFilter& filter,
                                                       const PageRequest& page);
  // The verdicts in force of one host, in some parts.
  [[nodiscard]] Result<std::vector<VerdictSet>> standing(std::string_view host_id);
  // Every interval of one check on one host, the newest first.
  [[nodiscard]] Result<Page<VerdictInterval>> history(std::string_view host_id,
                                                      std::string_view check_id,
                                                      const PageRequest& page);
  // Every interval of a host that was in force at `from` or later, by check, parameters and since.
  [[nodiscard]] Result<Page<VerdictInterval>> verdicts_since(std::string_view host_id,
                                                             evidence::Seconds from,
                                                             const PageRequest& page);
  // Worst first, then by check, host and id.
  [[nodiscard]] Result<Page<Finding>> findings(const FindingFilter& filter,
                                               const PageRequest& page);
  [[nodiscard]] Result<Finding> finding(const evidence::Digest& id);
  // The finding of a host that it had and has no more. kNotFound.
  [[nodiscard]] Result<Finding> resolved_finding(std::string_view host_id,
                                                 const evidence::Digest& id);
  // Open findings by severity, all hosts or one.
  [[nodiscard]] Result<std::map<checks::Severity, std::int64_t>> open_findings(
      std::string_view host_id);

  // Findings that are open at one end of the period and not at the other. Worst first. Pages of up
  // to kMaxChanges, here and of verdicts.
  [[nodiscard]] Result<Page<FindingChange>> finding_changes(evidence::Seconds from,
                                                            evidence::Seconds to,
                                                            const PageRequest& page);
  // Verdicts whose state differs between the two moments. By host, check, parameters.
  [[nodiscard]] Result<Page<VerdictChange>> verdict_changes(evidence::Seconds from,
                                                            evidence::Seconds to,
                                                            const PageRequest& page);

 private:
  virtual Status do_add_catalogue(const StoredCatalogue& catalogue) = 0;
  virtual Result<evidence::Digest> do_catalogue_at(evidence::Seconds when) = 0;
  virtual Result<std::string> do_catalogue(const evidence::Digest& digest) = 0;
  virtual Result<std::vector<std::optional<std::string>>> do_results(
      std::span<const evidence::Digest> keys) = 0;
  virtual Result<Page<evidence::Digest>> do_result_keys(const PageRequest& page) = 0;
  virtual Result<EvaluationMark> do_mark(std::string_view host_id) = 0;
  virtual Result<std::vector<std::optional<HostToJudge>>> do_to_judge(
      std::span<const std::string> host_ids) = 0;
  virtual Result<std::vector<std::string>> do_due(const evidence::Digest& content,
                                                  std::string_view day, std::string_view after,
                                                  std::size_t limit) = 0;
  virtual Result<std::vector<std::string>> do_claim(std::span<const std::string> hosts,
                                                    std::string_view owner, evidence::Seconds now,
                                                    evidence::Seconds until) = 0;
  virtual Result<std::vector<Status>> do_commit_evaluations(
      std::span<const EvaluationChange> changes) = 0;
  virtual Result<Page<VerdictInterval>> do_verdicts(const VerdictFilter& filter,
                                                    const PageRequest& page) = 0;
  virtual Result<std::vector<VerdictSet>> do_standing(std::string_view host_id) = 0;
  virtual Result<Page<VerdictInterval>> do_history(std::string_view host_id,
                                                   std::string_view check_id,
                                                   const PageRequest& page) = 0;
  virtual Result<Page<VerdictInterval>> do_verdicts_since(std::string_view host_id,
                                                          evidence::Seconds from,
                                                          const PageRequest& page) = 0;
  virtual Result<Page<Finding>> do_findings(const FindingFilter& filter,
                                            const PageRequest& page) = 0;
  virtual Result<Finding> do_finding(const evidence::Digest& id) = 0;
  virtual Result<Finding> do_resolved_finding(std::string_view host_id,
                                              const evidence::Digest& id) = 0;
  virtual Result<std::map<checks::Severity, std::int64_t>> do_open_findings(
      std::string_view host_id) = 0;
  virtual Result<Page<FindingChange>> do_finding_changes(evidence::Seconds from,
                                                         evidence::Seconds to,
                                                         const PageRequest& page) = 0;
  virtual Result<Page<VerdictChange>> do_verdict_changes(evidence::Seconds from,
                                                         evidence::Seconds to,
                                                         const PageRequest& page) = 0;
};

}  // namespace assay::collector
