#include "collector/store/evidence_store.h"

#include "evidence/refusal.h"

namespace assay::collector {
namespace {

Status check_tables(std::span<const StoredTable> tables) {
  for (const auto& table : tables) {
    if (table.facts.name.empty() || table.frame.empty())
      return fail(Code::kInternal, "a table to be stored has a name and a frame");
  }
  return {};
}

Status check_commit(const NewSnapshot& snapshot, std::span<const StoredTable> tables) {
  if (auto sound = check_tables(tables); !sound) return sound;
  if (snapshot.manifest.host_id.empty() || snapshot.manifest.sequence < 1 ||
      snapshot.manifest_frame.empty() || snapshot.signature.empty())
    return fail(Code::kInternal, "a snapshot to be accepted is signed and belongs to a host");
  if (const auto base = snapshot.manifest_base;
      base && (*base < 1 || *base >= snapshot.manifest.sequence ||
               snapshot.manifest.sequence - *base > kMaxManifestReach))
    return fail(Code::kInternal, "a manifest differs from one shortly before it");
  return {};
}

}  // namespace

Status check_whole(const Snapshot& snapshot) {
  if (!snapshot.removed_at) return {};
  return refuse(Code::kNotFound,
                {"the snapshot accepted at {} was removed on {}: its retention was over",
                 "{} 收件的快照已於 {} 移除：保存期限屆滿"},
                evidence::to_timestamp(snapshot.accepted_at),
                evidence::to_date(*snapshot.removed_at));
}

std::string_view name_of(Event::Kind kind) {
  switch (kind) {
    case Event::Kind::kRefusal: return "refusal";
    case Event::Kind::kFork: return "fork";
    case Event::Kind::kSequenceGap: return "sequence_gap";
    case Event::Kind::kChainBreak: return "chain_break";
    case Event::Kind::kRejectedCertificate: return "rejected_certificate";
    case Event::Kind::kRejectedToken: return "rejected_token";
    case Event::Kind::kEvaluation: return "evaluation";
    case Event::Kind::kQuota: return "quota";
    case Event::Kind::kLedger: return "ledger";
    case Event::Kind::kClock: return "clock";
  }
  return "refusal";
}

Result<std::vector<evidence::Digest>> EvidenceStore::missing(
    std::span<const evidence::Digest> digests) {
  return measured("missing", [&] { return do_missing(digests); });
}

Status EvidenceStore::put_tables(std::span<const StoredTable> tables, evidence::Seconds now) {
  if (tables.empty()) return {};
  if (auto sound = check_tables(tables); !sound) return sound;
  return measured("put_tables", [&] { return do_put_tables(tables, now); });
}

Result<StoredTable> EvidenceStore::table(const evidence::Digest& digest) {
  return measured("table", [&] { return do_table(digest); });
}

Result<std::vector<std::optional<KeptTable>>> EvidenceStore::kept_tables(
    std::span<const evidence::Digest> digests, std::int64_t most_bytes) {
  if (digests.empty()) return std::vector<std::optional<KeptTable>>();
  return measured("kept_tables", [&] { return do_kept_tables(digests, most_bytes); });
}

Result<Page<TableFacts>> EvidenceStore::stored_tables(const PageRequest& page) {
  return measured("stored_tables", [&] { return do_stored_tables(bounded(page)); });
}

Result<Receipt> EvidenceStore::commit_snapshot(const NewSnapshot& snapshot,
                                               std::span<const StoredTable> tables) {
  if (auto sound = check_commit(snapshot, tables); !sound) return fail(sound.error());
  return measured("commit_snapshot", [&] { return do_commit_snapshot(snapshot, tables); });
}

std::vector<Result<Receipt>> EvidenceStore::commit_snapshots(
    std::span<const SnapshotCommit> commits) {
  std::vector<Result<Receipt>> results(commits.size(),
                                       Result<Receipt>(fail(Code::kInternal, "not committed")));
  std::vector<SnapshotCommit> sound;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < commits.size(); ++i) {
    if (auto checked = check_commit(*commits[i].snapshot, commits[i].tables); !checked) {
      results[i] = fail(checked.error());
      continue;
    }
    sound.push_back(commits[i]);
    places.push_back(i);
  }
  if (sound.empty()) return results;
  // Each counts with its part of the time, so that the figures of an operation stay comparable.
  const auto start = std::chrono::steady_clock::now();
  auto done = do_commit_snapshots(sound);
  const auto each = (std::chrono::steady_clock::now() - start) / static_cast<int>(sound.size());
  for (std::size_t i = 0; i < done.size(); ++i) {
    count("commit_snapshot", !done[i].has_value(), each);
    results[places[i]] = std::move(done[i]);
  }
  count("commit_group", false, each * static_cast<int>(sound.size()));
  return results;
}

std::vector<Result<Receipt>> EvidenceStore::do_commit_snapshots(
    std::span<const SnapshotCommit> commits) {
  std::vector<Result<Receipt>> results;
  for (const auto& commit : commits)
    results.push_back(do_commit_snapshot(*commit.snapshot, commit.tables));
  return results;
}

Result<Receipt> EvidenceStore::receipt(const evidence::Digest& digest) {
  return measured("receipt", [&] { return do_receipt(digest); });
}

Result<Snapshot> EvidenceStore::snapshot(const evidence::Digest& digest) {
  return measured("snapshot", [&] { return do_snapshot(digest); });
}

Result<Page<Snapshot>> EvidenceStore::snapshots(std::string_view host_id, const PageRequest& page) {
  return measured("snapshots", [&] { return do_snapshots(host_id, bounded(page)); });
}

Result<Snapshot> EvidenceStore::snapshot_at(std::string_view host_id, evidence::Seconds as_of) {
  return measured("snapshot_at", [&] { return do_snapshot_at(host_id, as_of); });
}

Result<std::vector<evidence::Seconds>> EvidenceStore::accepted_since(std::string_view host_id,
                                                                     evidence::Seconds from) {
  return measured("accepted_since", [&] { return do_accepted_since(host_id, from); });
}

Status EvidenceStore::add_event(const Event& event) {
  if (event.detail.size() > kMaxEventDetailBytes) {
    Event cut = event;
    cut.detail.resize(kMaxEventDetailBytes);
    return add_event(cut);
  }
  return measured("add_event", [&] { return do_add_event(event); });
}

Result<Page<Event>> EvidenceStore::events(std::string_view host_id, const PageRequest& page) {
  return measured("events", [&] { return do_events(host_id, bounded(page)); });
}

}  // namespace assay::collector
