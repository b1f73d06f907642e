// What the engines need of evidence when they commit snapshots in a way of their own.
#pragma once

#include <optional>
#include <set>
#include <span>

#include "collector/store/evidence_store.h"
#include "collector/store/sql/connection.h"
#include "collector/store/sql/known_tables.h"

namespace assay::collector::sql {

// Each that is kept as a difference differs from one that is stored whole. kNotFound.
[[nodiscard]] Status check_bases(Connection& connection, std::span<const StoredTable> tables);
[[nodiscard]] Error base_gone(const StoredTable& table);
[[nodiscard]] Error base_gone(const evidence::Manifest& manifest);
// One that is stored already is passed over.
[[nodiscard]] Status insert_tables(Connection& connection, std::span<const StoredTable> tables);
// Of columns digest, name, bytes, frame and base, then the first four of what it differs from.
[[nodiscard]] KeptTable read_kept_table(const Statement& row);
// That each of them is in use at `now`; nothing changes for one of which that is known of a later
// time. In one order, so that of two who note the same ones each waits for the other but once.
[[nodiscard]] Status note_uses(Connection& connection, const std::set<evidence::Digest>& digests,
                               evidence::Seconds now);
// Whether the last use that is known is so far back that this one has to be noted.
[[nodiscard]] bool is_use_worth_noting(evidence::Seconds used_at, evidence::Seconds now);
[[nodiscard]] std::set<evidence::Digest> digests_of(std::span<const StoredTable> tables);
[[nodiscard]] Status insert_event(Connection& connection, const Event& event);
[[nodiscard]] Result<std::optional<Receipt>> find_receipt(Connection& connection,
                                                          const evidence::Digest& digest);

// Whether the table that is stored under the digest of `entry` is the one that it speaks of.
[[nodiscard]] Status check_table(const evidence::ManifestEntry& entry,
                                 const Result<KnownTables::Facts>& facts);
// What the chain says when the snapshot, which has a `previous`, joins it behind `before`, the
// digest with the sequence number before: nothing, or an event to be recorded.
[[nodiscard]] std::optional<Event> chain_event(const NewSnapshot& snapshot,
                                               const std::optional<evidence::Digest>& before);
// Another snapshot has its sequence number.
[[nodiscard]] Error fork_of(const evidence::Manifest& manifest);

}  // namespace assay::collector::sql
