// The embedded store: one SQLite file in WAL mode, nothing to set up.
//
// One connection writes, under a lock; several read beside it. Other processes (assay-collector
// token, agent revoke) may use the same file at the same time. A write is synced before it
// returns (synchronous = FULL).
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "collector/store/sqlite/database.h"
#include "collector/store/sqlite/known_tables.h"
#include "collector/store/store.h"

namespace assay::collector::sqlite {

struct Options {
  std::string path;
  std::size_t readers = 4;
  std::int64_t max_pages = 0;  // of 4 KiB; 0: as many as the disk holds. A quota.
  bool may_migrate = true;     // false: a file of an older version is kConfiguration
};

class SqliteStore final : public Store {
 public:
  // Makes and migrates the file as needed. kConfiguration when a newer program wrote it.
  [[nodiscard]] static Result<std::unique_ptr<SqliteStore>> open(const Options& options);

 private:
  class Reader;  // a reading connection, given back at the end of its life

  SqliteStore() = default;

  Result<std::vector<std::string>> do_self_check() override;

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
  Status do_describe_host(std::string_view id, std::string_view os) override;

  Result<std::vector<evidence::Digest>> do_missing(
      std::span<const evidence::Digest> digests) override;
  Status do_put_tables(std::span<const StoredTable> tables) override;
  Result<StoredTable> do_table(const evidence::Digest& digest) override;
  Result<Page<TableFacts>> do_stored_tables(const PageRequest& page) override;
  Result<Receipt> do_commit_snapshot(const NewSnapshot& snapshot,
                                     std::span<const StoredTable> tables) override;
  std::vector<Result<Receipt>> do_commit_snapshots(
      std::span<const SnapshotCommit> commits) override;
  // Under the lock. nullopt: the transaction of the whole group failed, and nothing is written.
  std::optional<std::vector<Result<Receipt>>> commit_group(std::span<const SnapshotCommit> commits,
                                                           Status* failure);
  Result<Receipt> commit_alone(const SnapshotCommit& commit);
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
  Result<std::int64_t> do_ledger_index(const evidence::Digest& manifest) override;
  Result<std::vector<evidence::LedgerEntry>> do_ledger_entries(std::int64_t first,
                                                               std::size_t limit) override;

  Result<std::string> do_result(const evidence::Digest& key) override;
  Result<EvaluationMark> do_mark(std::string_view host_id) override;
  Result<std::vector<std::string>> do_due(const evidence::Digest& content, std::string_view day,
                                          std::string_view after, std::size_t limit) override;
  Status do_commit_evaluation(const EvaluationChange& change) override;
  Result<Page<VerdictInterval>> do_verdicts(const VerdictFilter& filter,
                                            const PageRequest& page) override;
  Result<Page<VerdictInterval>> do_history(std::string_view host_id, std::string_view check_id,
                                           const PageRequest& page) override;
  Result<Page<VerdictInterval>> do_verdicts_since(std::string_view host_id, evidence::Seconds from,
                                                  const PageRequest& page) override;
  Result<Page<Finding>> do_findings(const FindingFilter& filter, const PageRequest& page) override;
  Result<Finding> do_finding(const evidence::Digest& id) override;
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

  std::mutex writing_;
  std::unique_ptr<Connection> writer_;
  KnownTables known_tables_;  // used by writer_
  std::mutex pool_mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> idle_;
};

// Lent for one question.
class SqliteStore::Reader {
 public:
  explicit Reader(SqliteStore& store);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  Connection* operator->() { return connection_.get(); }
  Connection& operator*() { return *connection_; }

 private:
  SqliteStore& store_;
  std::unique_ptr<Connection> connection_;
};

}  // namespace assay::collector::sqlite
