// The evidence itself: tables by digest, accepted snapshots, and what went wrong on the way.
//
// Safe from any thread. A write is durable (on disk, fdatasync) when the call returns; a call that
// fails has written nothing. Evidence is never changed or overwritten.
// Any call may fail with kNoSpace, kUnavailable (busy or away: try again) or kIo.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "collector/store/meter.h"
#include "collector/store/page.h"
#include "evidence/digest.h"
#include "evidence/manifest.h"
#include "evidence/result.h"
#include "evidence/timestamp.h"

namespace assay::collector {

struct TableFacts {
  evidence::Digest digest;
  std::string name;
  std::int64_t bytes = 0;         // of the canonical form
  std::int64_t stored_bytes = 0;  // of the frame; 0 when asked to store: it is measured
  // When it was last known to be in use, at most kUseGrain behind the truth; none when asked to
  // store, and none for a table of which that is not known, which is never removed.
  std::optional<evidence::Seconds> used_at;
};

// Uses of a table are noted this seldom, so that an unchanged machine costs no write for each.
inline constexpr std::chrono::days kUseGrain{30};

// As it is kept. A table that is little else than another one, as after an update of three packages
// in a thousand, is kept as what differs: `frame` then needs the canonical form of `base`, which is
// kept whole, as its prefix (evidence/compress.h), and is sealed (kept_form.h). So no table is ever
// more than one step away.
struct StoredTable {
  TableFacts facts;
  std::string frame;  // one zstd frame of the canonical form
  std::optional<evidence::Digest> base;
};

// A table with what it differs from.
struct KeptTable {
  StoredTable table;
  std::optional<StoredTable> base;
};

// A verified snapshot that wants to be accepted.
struct NewSnapshot {
  evidence::Digest digest;  // SHA-256 of the manifest's canonical bytes
  evidence::Manifest manifest;
  std::string manifest_frame;  // the canonical bytes as one zstd frame
  // Of an earlier snapshot of this host, at most kMaxManifestReach before, whose manifest is kept
  // whole: the frame needs its bytes as prefix, and is sealed likewise.
  std::optional<std::int64_t> manifest_base;
  std::string signature;
  std::string certificate_serial;  // whose key signed
  evidence::Seconds now;
};
inline constexpr std::int64_t kMaxManifestReach = 64;

// One of several snapshots that are committed together. What it points to outlives the call.
struct SnapshotCommit {
  const NewSnapshot* snapshot = nullptr;
  std::span<const StoredTable> tables;
};

struct Receipt {
  evidence::Digest digest;
  std::int64_t sequence = 0;
  evidence::Seconds accepted_at;  // the first time, on every replay
  bool is_new = false;            // false: it was there before, and nothing was written
};

struct Snapshot {
  evidence::Digest digest;
  std::string host_id;
  std::int64_t sequence = 0;
  std::optional<evidence::Digest> previous;
  std::string profile;
  evidence::Seconds started;
  evidence::Seconds ended;
  evidence::Seconds accepted_at;
  std::string certificate_serial;
  std::string manifest_frame;                 // like the signature empty once it is removed
  std::optional<std::int64_t> manifest_base;  // as of a NewSnapshot
  std::string signature;
  // When its manifest was removed, its time being over: its place in the chain is kept for ever.
  std::optional<evidence::Seconds> removed_at;
};

// kNotFound when its manifest was removed.
[[nodiscard]] Status check_whole(const Snapshot& snapshot);

// The bytes of a manifest, and of the one that is kept whole and those behind it may be kept by.
struct KeptManifest {
  std::string bytes;
  std::int64_t whole_sequence = 0;
  std::string whole;  // empty: `bytes` themselves
  [[nodiscard]] std::string_view whole_bytes() const { return whole.empty() ? bytes : whole; }
};

// What must not pass in silence. Equal events (host, kind, detail) are one, counted.
struct Event {
  enum class Kind {
    kRefusal,              // a snapshot that can never be accepted
    kFork,                 // two manifests with one sequence number: a cloned or restored machine
    kSequenceGap,          // manifests are missing in between
    kChainBreak,           // `previous` is not the digest of the manifest before
    kRejectedCertificate,  // revoked or unknown
    kRejectedToken,
    kEvaluation,  // a snapshot could not be evaluated
    kQuota,       // a host sent more than it may; once for each minute or day
    kLedger,      // the ledger is not what was signed: altered, forked or rewound
    kClock,       // a machine's clock is, or was when it scanned, far from this collector's
  };
  std::string id;       // set by the store
  std::string host_id;  // empty when not known
  Kind kind = Kind::kRefusal;
  std::string detail;  // English, for an administrator
  evidence::Seconds first;
  evidence::Seconds last;
  std::int64_t count = 1;
};
[[nodiscard]] std::string_view name_of(Event::Kind kind);
inline constexpr std::size_t kMaxEventDetailBytes = 1024;  // longer ones are cut

class EvidenceStore : public virtual Metered {
 public:
  virtual ~EvidenceStore() = default;

  // Of `digests`, those that are not stored, in the same order, each once.
  [[nodiscard]] Result<std::vector<evidence::Digest>> missing(
      std::span<const evidence::Digest> digests);
  // Stores verified tables, in use at `now`; one that is there already is passed over. All or none.
  [[nodiscard]] Status put_tables(std::span<const StoredTable> tables, evidence::Seconds now);
  // `base`, where there is one, is in use with it.
  [[nodiscard]] Result<StoredTable> table(const evidence::Digest& digest);
  // Each of `digests` with what it differs from, asked for together. nullopt: one of the two is not
  // there, what it differs from is not whole, or a frame has more than `most_bytes`.
  [[nodiscard]] Result<std::vector<std::optional<KeptTable>>> kept_tables(
      std::span<const evidence::Digest> digests,
      std::int64_t most_bytes = std::numeric_limits<std::int64_t>::max());
  // Its canonical form. kInvalidData when what is kept is not what was accepted.
  [[nodiscard]] Result<std::string> table_bytes(const evidence::Digest& digest);
  [[nodiscard]] Result<std::string> table_bytes(const StoredTable& stored);
  // The same of what kept_tables() answered.
  [[nodiscard]] static Result<std::string> table_bytes(const KeptTable& kept);
  // All that are stored, by digest.
  [[nodiscard]] Result<Page<TableFacts>> stored_tables(const PageRequest& page);

  // In one transaction: stores `tables`, records the snapshot, moves the host forward (name,
  // profile, last snapshot and sequence, last_seen), and records an event for a gap or break in
  // its chain. The same digest again: the same receipt, nothing written.
  // kConflict: another manifest of this host has the sequence number (a fork).
  // kInvalidData: a stored table bears another name, or has another size, than the manifest says.
  // kNotFound: a table (ask for it again), what something is kept as a difference to, or the host
  // is missing. kRefused: the host is revoked.
  [[nodiscard]] Result<Receipt> commit_snapshot(const NewSnapshot& snapshot,
                                                std::span<const StoredTable> tables);
  // Each of `commits` as by commit_snapshot(), in their order, and durable by one sync for all
  // where the engine can. One that fails leaves nothing behind and does not touch the others. As
  // many results as commits, in the same order.
  [[nodiscard]] std::vector<Result<Receipt>> commit_snapshots(
      std::span<const SnapshotCommit> commits);
  // kNotFound when it was never accepted.
  [[nodiscard]] Result<Receipt> receipt(const evidence::Digest& digest);
  [[nodiscard]] Result<Snapshot> snapshot(const evidence::Digest& digest);
  // Its canonical bytes. kNotFound when they were removed; kInvalidData when what is kept is not
  // what was accepted.
  [[nodiscard]] Result<std::string> manifest_bytes(const Snapshot& snapshot);
  // The same, not held against the digest: for whoever finds out in another way.
  [[nodiscard]] Result<KeptManifest> kept_manifest(const Snapshot& snapshot);
  // The same, of which the frame is at hand that it differs from; empty where there is none.
  [[nodiscard]] static Result<KeptManifest> kept_manifest(const Snapshot& snapshot,
                                                          std::string_view whole_frame);
  // By host, the highest sequence first.
  [[nodiscard]] Result<Page<Snapshot>> snapshots(std::string_view host_id, const PageRequest& page);
  // The latest that was accepted at or before `as_of`. kNotFound.
  [[nodiscard]] Result<Snapshot> snapshot_at(std::string_view host_id, evidence::Seconds as_of);

  // When the snapshots of a host were accepted that were so at or after `from`, the oldest first.
  [[nodiscard]] Result<std::vector<evidence::Seconds>> accepted_since(std::string_view host_id,
                                                                      evidence::Seconds from);

  [[nodiscard]] Status add_event(const Event& event);  // uses host_id, kind, detail and last
  // Latest first; all hosts when `host_id` is empty.
  [[nodiscard]] Result<Page<Event>> events(std::string_view host_id, const PageRequest& page);

 private:
  virtual Result<std::vector<evidence::Digest>> do_missing(
      std::span<const evidence::Digest> digests) = 0;
  virtual Status do_put_tables(std::span<const StoredTable> tables, evidence::Seconds now) = 0;
  virtual Result<StoredTable> do_table(const evidence::Digest& digest) = 0;
  virtual Result<std::vector<std::optional<KeptTable>>> do_kept_tables(
      std::span<const evidence::Digest> digests, std::int64_t most_bytes) = 0;
  virtual Result<Page<TableFacts>> do_stored_tables(const PageRequest& page) = 0;
  virtual Result<Receipt> do_commit_snapshot(const NewSnapshot& snapshot,
                                             std::span<const StoredTable> tables) = 0;
  // One after another, unless the engine knows better.
  virtual std::vector<Result<Receipt>> do_commit_snapshots(std::span<const SnapshotCommit> commits);
  virtual Result<Receipt> do_receipt(const evidence::Digest& digest) = 0;
  virtual Result<Snapshot> do_snapshot(const evidence::Digest& digest) = 0;
  virtual Result<Page<Snapshot>> do_snapshots(std::string_view host_id,
                                              const PageRequest& page) = 0;
  virtual Result<Snapshot> do_snapshot_at(std::string_view host_id, evidence::Seconds as_of) = 0;
  virtual Result<std::vector<evidence::Seconds>> do_accepted_since(std::string_view host_id,
                                                                   evidence::Seconds from) = 0;
  virtual Status do_add_event(const Event& event) = 0;
  virtual Result<Page<Event>> do_events(std::string_view host_id, const PageRequest& page) = 0;
};

}  // namespace assay::collector
