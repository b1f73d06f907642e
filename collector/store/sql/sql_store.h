// The store over SQL, as far as all engines have it in common: everything but what depends on how
// transactions are made and how snapshots are committed together.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "collector/store/sql/connection.h"
#include "collector/store/sql/verdict_groups.h"
#include "collector/store/store.h"

namespace assay::collector::sql {

// Whom a writing transaction keeps out, where an engine has several at a time.
enum class Lock {
  kNone,     // whoever writes the same rows
  kRecords,  // everybody else who puts something on record
  kLedger,   // everybody else who appends to the ledger
  kRefers,   // whoever removes: it refers to what is stored
  kRemoves   // whoever refers to what is stored, or removes as well
};
// May be called anew when its transaction was lost or had to give way: it changes nothing but the
// database, and what it answers it makes from the beginning.
using Work = std::function<Status(Connection&)>;

class SqlStore : public Store {
 protected:
  SetsThere sets_there_;

  // `work` in one transaction, durable when the call returns; nothing is written when it fails.
  template <typename Part>
  auto writing(Lock lock, const Part& work) -> std::invoke_result_t<Part, Connection&> {
    return answer_of(work, [&](const Work& part) { return run_writing(lock, part); });
  }
  // `work` only asks.
  template <typename Part>
  auto reading(const Part& work) -> std::invoke_result_t<Part, Connection&> {
    return answer_of(work, [&](const Work& part) { return run_reading(part); });
  }

 private:
  template <typename Part, typename Run>
  static auto answer_of(const Part& work, const Run& run)
      -> std::invoke_result_t<Part, Connection&> {
    using Answer = std::invoke_result_t<Part, Connection&>;
    if constexpr (std::is_same_v<Answer, Status>) {
      return run(work);
    } else {
      std::optional<typename Answer::value_type> answer;
      auto done = run([&](Connection& connection) -> Status {
        auto result = work(connection);
        if (!result) return fail(result.error());
        answer = std::move(*result);
        return {};
      });
      if (!done) return fail(done.error());
      return std::move(*answer);
    }
  }
  virtual Status run_writing(Lock lock, const Work& work) = 0;
  virtual Status run_reading(const Work& work) = 0;

  Status do_add_token(const Token& token) override;
  Result<Token> do_token(const evidence::Digest& hash) override;
  Result<Page<Token>> do_tokens(const PageRequest& page) override;
  Status do_revoke_token(std::string_view id, evidence::Seconds now) override;
  Status do_enroll(const evidence::Digest& token_hash, const Host& host,
                   const Certificate& certificate, evidence::Seconds now) override;
  Status do_add_certificate(const Certificate& certificate) override;
  Result<Certificate> do_certificate(std::string_view serial) override;
  Result<std::vector<Certificate>> do_certificates(std::string_view host_id) override;
  Result<Host> do_host(std::string_view id) override;
  Result<Page<Host>> do_hosts(std::string_view text, const PageRequest& page) override;
  Status do_revoke_host(std::string_view id, evidence::Seconds now) override;
  Result<std::vector<std::string>> do_revoked_since(evidence::Seconds since) override;
  Status do_saw(std::span<const Sighting> sightings) override;

  Result<DeliveryBasis> do_delivery_basis(std::string_view serial,
                                          const std::optional<evidence::Digest>& base) override;

  Status do_put_tables(std::span<const StoredTable> tables, evidence::Seconds now) override;
  Result<StoredTable> do_table(const evidence::Digest& digest) override;
  Result<std::vector<std::optional<KeptTable>>> do_kept_tables(
      std::span<const evidence::Digest> digests, std::int64_t most_bytes) override;
  Result<Page<TableFacts>> do_stored_tables(const PageRequest& page) override;
  Result<Receipt> do_receipt(const evidence::Digest& digest) override;
  Result<Snapshot> do_snapshot(const evidence::Digest& digest) override;
  Result<Page<Snapshot>> do_snapshots(std::string_view host_id, const PageRequest& page) override;
  Result<Snapshot> do_snapshot_at(std::string_view host_id, evidence::Seconds as_of) override;
  Result<std::vector<evidence::Seconds>> do_accepted_since(std::string_view host_id,
                                                           evidence::Seconds from) override;
  Status do_add_event(const Event& event) override;
  Result<Page<Event>> do_events(std::string_view host_id, const PageRequest& page) override;

  Result<std::vector<evidence::LedgerEntry>> do_unsequenced(std::size_t limit) override;
  Status do_append_to_ledger(const LedgerAppend& append) override;
  Result<std::string> do_ledger_tile(const evidence::TileId& tile) override;
  Result<StoredCheckpoint> do_checkpoint(std::optional<std::int64_t> size) override;
  Result<Page<StoredCheckpoint>> do_checkpoints(const PageRequest& page) override;
  Result<std::int64_t> do_ledger_index(const evidence::Digest& digest) override;
  Result<std::vector<evidence::LedgerEntry>> do_ledger_entries(std::int64_t first,
                                                               std::size_t limit) override;
  Result<Page<evidence::Act>> do_acts(const PageRequest& page) override;

  Result<Removal> do_begin_removal(evidence::Seconds now, evidence::Seconds horizon) override;
  Result<Page<Removal>> do_removals(const PageRequest& page) override;
  Result<Page<SnapshotPlace>> do_removable_snapshots(evidence::Seconds horizon,
                                                     const PageRequest& page) override;
  Result<std::int64_t> do_remove_snapshots(const Removal& removal,
                                           std::span<const SnapshotPlace> places) override;
  Result<Page<Snapshot>> do_kept_before(evidence::Seconds horizon,
                                        const PageRequest& page) override;
  Result<Page<evidence::Digest>> do_tables_unused_since(evidence::Seconds time,
                                                        const PageRequest& page) override;
  Result<std::vector<evidence::Digest>> do_register_tables() override;
  Result<std::int64_t> do_remove_tables(const Removal& removal,
                                        std::span<const evidence::Digest> digests,
                                        evidence::Seconds unused_since) override;
  Result<std::vector<std::vector<std::string>>> do_frameworks_of_history() override;
  Result<History> do_history_before(std::span<const std::string> frameworks,
                                    evidence::Seconds horizon) override;
  Result<History> do_remove_history(const Removal& removal, std::span<const std::string> frameworks,
                                    evidence::Seconds horizon, std::size_t limit) override;
  Result<std::vector<evidence::Digest>> do_unused_results(std::size_t limit) override;
  Result<std::int64_t> do_remove_results(const Removal& removal,
                                         std::span<const evidence::Digest> keys,
                                         evidence::Seconds looked_at) override;
  Result<std::vector<evidence::Seconds>> do_scans_since(evidence::Seconds time) override;

  Status do_add_time_stamp(const StoredTimeStamp& stamp) override;
  Result<StoredTimeStamp> do_time_stamp(std::int64_t number) override;
  Result<StoredTimeStamp> do_time_stamp_over(std::int64_t index) override;
  Result<Page<StoredTimeStamp>> do_time_stamps(const PageRequest& page) override;
  Result<bool> do_claim_time_stamping(evidence::Seconds now, evidence::Seconds until) override;

  Status do_add_cosignature(const StoredCosignature& cosignature) override;
  Result<std::vector<StoredCosignature>> do_cosignatures() override;
  Status do_set_witness_trouble(const WitnessTrouble& trouble) override;
  Result<std::vector<WitnessTrouble>> do_witness_troubles() override;
  Result<bool> do_claim_witnessing(evidence::Seconds now, evidence::Seconds until) override;

  Status do_add_catalogue(const StoredCatalogue& catalogue) override;
  Result<evidence::Digest> do_catalogue_at(evidence::Seconds when) override;
  Result<std::string> do_catalogue(const evidence::Digest& digest) override;
  Result<Page<evidence::Digest>> do_result_keys(const PageRequest& page) override;
  Result<std::vector<std::optional<std::string>>> do_results(
      std::span<const evidence::Digest> keys) override;
  Result<EvaluationMark> do_mark(std::string_view host_id) override;
  Result<std::vector<std::optional<HostToJudge>>> do_to_judge(
      std::span<const std::string> host_ids) override;
  Result<std::vector<std::string>> do_due(const evidence::Digest& content, std::string_view day,
                                          std::string_view after, std::size_t limit) override;
  Result<std::vector<Status>> do_commit_evaluations(
      std::span<const EvaluationChange> changes) override;
  Result<Page<VerdictInterval>> do_verdicts(const VerdictFilter& filter,
                                            const PageRequest& page) override;
  Result<std::vector<VerdictSet>> do_standing(std::string_view host_id) override;
  Result<Page<VerdictInterval>> do_history(std::string_view host_id, std::string_view check_id,
                                           const PageRequest& page) override;
  Result<Page<VerdictInterval>> do_verdicts_since(std::string_view host_id, evidence::Seconds from,
                                                  const PageRequest& page) override;
  Result<Page<Finding>> do_findings(const FindingFilter& filter, const PageRequest& page) override;
  Result<Finding> do_finding(const evidence::Digest& id) override;
  Result<Finding> do_resolved_finding(std::string_view host_id,
                                      const evidence::Digest& id) override;
  Result<std::map<checks::Severity, std::int64_t>> do_open_findings(
      std::string_view host_id) override;
  Result<Page<FindingChange>> do_finding_changes(evidence::Seconds from, evidence::Seconds to,
                                                 const PageRequest& page) override;
  Result<Page<VerdictChange>> do_verdict_changes(evidence::Seconds from, evidence::Seconds to,
                                                 const PageRequest& page) override;

  Result<RegisterEntry> do_register_entry(std::string_view host_id,
                                          std::optional<evidence::Seconds> as_of) override;
  Result<Page<RegisterEntry>> do_register_entries(std::optional<evidence::Seconds> as_of,
                                                  const PageRequest& page) override;
  Result<Page<RegisterEntry>> do_register_history(std::string_view host_id,
                                                  const PageRequest& page) override;
  Status do_change_register(std::span<const RegisterChange> changes) override;
  Result<ApprovalCounts> do_approve(std::span<const Approval> approvals) override;
  Status do_withdraw(std::span<const std::string> ids, const Withdrawal& withdrawal) override;
  Result<Approval> do_approval(std::string_view id) override;
  Result<Page<Approval>> do_approvals(const ApprovalFilter& filter,
                                      const PageRequest& page) override;
  Result<Waiver> do_add_waiver(const Waiver& waiver) override;
  Result<Waiver> do_act_on_waiver(std::string_view id, const WaiverAct& act) override;
  Result<Waiver> do_waiver(std::string_view id) override;
  Result<Page<Waiver>> do_waivers(const WaiverFilter& filter, const PageRequest& page) override;
  Result<Attestation> do_add_attestation(const Attestation& attestation) override;
  Result<Attestation> do_withdraw_attestation(std::string_view id,
                                              const AttestationAct& act) override;
  Result<Attestation> do_attach(std::string_view id, const AttestedFile& file,
                                std::string_view frame) override;
  Result<std::string> do_file(const evidence::Digest& digest) override;
  Result<Attestation> do_attestation(std::string_view id) override;
  Result<Page<Attestation>> do_attestations(const AttestationFilter& filter,
                                            const PageRequest& page) override;
  Result<PackRecord> do_add_pack(const PackRecord& pack) override;
  Result<PackRecord> do_pack(std::string_view id) override;
  Result<Page<PackRecord>> do_packs(const PageRequest& page) override;

  Status do_add_terms(const Terms& terms, evidence::Seconds now) override;
  Result<Terms> do_terms_at(evidence::Seconds when) override;

  Result<bool> do_claim_reporting(evidence::Seconds now, evidence::Seconds until) override;
  Result<ReportRecord> do_add_report(const ReportRecord& report, std::string_view frame) override;
  Result<ReportRecord> do_report(std::string_view week) override;
  Result<std::string> do_report_frame(std::string_view week) override;
  Result<Page<ReportRecord>> do_reports(const PageRequest& page) override;
  Result<std::optional<evidence::Seconds>> do_first_accepted() override;

  KnownSets known_sets_{kMostKnownSets};
};

}  // namespace assay::collector::sql
